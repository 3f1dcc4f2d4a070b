import { createHash } from 'node:crypto';
import { type ExportedName, type FederationEnd, SERVICE_PORT } from '../../facts/federation';
import type { Manifest } from '../../facts/manifest';
import { spiffeUri } from '../../facts/principal';
import { serviceHost } from '../../facts/service-host';
import { sha256 } from '../../facts/sha256';
import { PROTOCOL, resolutionOf, TAKES_MTLS } from '../hop/service-entry';
import type { FederationFacts } from './facts';

/** One exported service between two control planes that federate. */
export interface InMemory {
  readonly facts: FederationFacts;
  readonly consumer: FederationEnd;
  readonly provider: FederationEnd;
  /** What the consumer calls the provider. */
  readonly providerName: string;
  /** What the provider calls the consumer. */
  readonly consumerName: string;
  /** Host that callers dial. */
  readonly host: string;
}

/** Names longer than a DNS label are cut to 55 characters and get the beginning of their SHA-256. */
export function inMemoryName(kind: 'imp' | 'exp', { name, namespace }: ExportedName, peer: string): string {
  const full = `fed-${kind}-${name}-${namespace}-${peer}`;
  return full.length <= 63 ? full : full.slice(0, 55) + sha256(full).slice(0, 8);
}

/** Names of the objects by which control planes exchange what they export; once per peer. */
export function discoveryNames(peer: string, namespace: string) {
  const name = `federation-discovery-${peer}`;
  return {
    host: `discovery.${namespace}.svc.${peer}.local`,
    objects: [
      `AuthorizationPolicy ${name}`,
      `DestinationRule ${name}-egress`,
      `Gateway ${name}-egress`,
      `Gateway ${name}-ingress`,
      `ServiceEntry ${name}`,
      `VirtualService ${name}-egress`,
      `VirtualService ${name}-ingress`,
    ],
  };
}

/**
 * What the consumer's control plane makes of one import, as plain objects. Its entries in the registry of services, which
 * are no objects there, stand as ServiceEntries, how proxies connect to them as DestinationRules.
 */
export function importObjects(one: InMemory): Manifest[] {
  const { facts, consumer, provider, host } = one;
  const { namespace, egress } = consumer;
  const { port, protocol } = facts.service;
  const name = inMemoryName('imp', facts.exportedAs, one.providerName);
  const remote = `${name}-remote`;
  const { addresses = [], servicePort, identity } = provider.ingress;
  return [
    networking('ServiceEntry', name, namespace, {
      hosts: [host],
      location: 'MESH_INTERNAL',
      resolution: 'DNS',
      addresses: [virtualIp(host)],
      ports: [{ number: port, name: protocol, protocol: PROTOCOL[protocol] }],
      endpoints: [
        {
          address: serviceHost(egress.name, namespace, consumer.domain),
          ports: { [protocol]: SERVICE_PORT },
          labels: TAKES_MTLS,
        },
      ],
    }),
    networking('DestinationRule', name, namespace, mutual(host, egress.identity)),
    gateway(name, namespace, egress.name, host),
    // without a port: the only one that the destination has
    route(name, namespace, [host, `*.${host}`], facts.wireHost),
    networking('ServiceEntry', remote, namespace, {
      hosts: [facts.wireHost],
      exportTo: ['.'],
      location: 'MESH_INTERNAL',
      resolution: resolutionOf(addresses),
      ports: [{ number: SERVICE_PORT, name: 'tcp', protocol: 'TCP' }],
      endpoints: addresses.map((address) => ({ address, ports: { tcp: servicePort }, labels: TAKES_MTLS })),
    }),
    networking('DestinationRule', remote, namespace, { ...mutual(facts.wireHost, identity), exportTo: ['.'] }),
  ];
}

/** What the provider's control plane makes of one export. */
export function exportObjects(one: InMemory): Manifest[] {
  const { facts, consumer, provider } = one;
  const { namespace, ingress } = provider;
  const { name: service, namespace: of = '', host } = facts.service;
  const name = inMemoryName('exp', { name: service, namespace: of }, one.consumerName);
  return [
    gateway(name, namespace, ingress.name, facts.wireHost),
    route(name, namespace, [facts.wireHost], host),
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: `federation-exports-${one.consumerName}`, namespace },
      spec: {
        selector: { matchLabels: canonicalName(ingress.name) },
        action: 'DENY',
        rules: [
          {
            from: [{ source: { notPrincipals: [consumer.egress.identity] } }],
            to: [{ operation: { notHosts: [facts.wireHost], ports: [String(SERVICE_PORT)] } }],
          },
        ],
      },
    },
  ];
}

function networking(kind: string, name: string, namespace: string, spec: object): Manifest {
  return { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace }, spec };
}

/** By what the control plane selects a gateway's pods. */
function canonicalName(gateway: string): Record<string, string> {
  return { 'service.istio.io/canonical-name': gateway };
}

function gateway(name: string, namespace: string, of: string, host: string): Manifest {
  return networking('Gateway', name, namespace, {
    selector: canonicalName(of),
    servers: [
      {
        name,
        port: { number: SERVICE_PORT, name: 'tls-federation', protocol: 'TLS' },
        hosts: [host, `*.${host}`],
        tls: { mode: 'ISTIO_MUTUAL' },
      },
    ],
  });
}

function route(name: string, namespace: string, hosts: string[], host: string): Manifest {
  const through = `${namespace}/${name}`;
  return networking('VirtualService', name, namespace, {
    hosts,
    exportTo: ['.'],
    gateways: [through],
    tcp: [{ match: [{ gateways: [through] }], route: [{ destination: { host } }] }],
  });
}

function mutual(host: string, server: string) {
  const tls = { mode: 'ISTIO_MUTUAL', sni: host, subjectAltNames: [spiffeUri(server)] };
  return { host, trafficPolicy: { tls } };
}

/** The control plane assigns one of 240.241.0.0/16 in no fixed order; here it is made of the host. */
function virtualIp(host: string): string {
  const [a, b] = createHash('sha256').update(host).digest();
  return `240.241.${a}.${b}`;
}
