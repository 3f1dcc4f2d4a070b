import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  PeerEnd,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../../lib';
import { range } from './order';

const CORPORATE = TrustBundle.declared('corporate');

function mesh(fleet: Fleet, id: string): Mesh {
  const made = new Mesh(new Cluster(fleet, id), id, {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
    trustDomain: `${id}.example.com`,
  });
  made.namespace('gateways', { create: true });
  made.namespace('team', { create: true });
  return made;
}

const gateway = (of: Mesh, kind: 'ingress' | 'egress') => new Gateway(of, kind, { kind, namespace: 'gateways' });

/** One ingress gateway with that many hosts. */
function exposures(fleet: Fleet, count: number): void {
  const provider = mesh(fleet, 'b');
  const peering = new DirectPeering(fleet, 'wide', {
    consumer: mesh(fleet, 'a'),
    provider,
    ingress: gateway(provider, 'ingress'),
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('team'),
  });
  for (const index of range(count)) {
    const service = provider.service(`svc-${index}`, { namespace: 'team', ports: [Port.http(8000)] });
    const allow = [Access.http({ methods: ['GET'], paths: [`/svc-${index}/*`] })];
    peering.expose(service, { host: `svc-${index}.b.example.com`, allow });
  }
}

/** One egress gateway that leads to that many servers, with one client certificate. */
function peerings(fleet: Fleet, count: number): void {
  const consumer = mesh(fleet, 'a');
  const egress = gateway(consumer, 'egress');
  const identity = Identity.spiffe('a.example.com/ns/gateways/sa/egress');
  const client = Credential.secret('egress-cert', { identity, signer: CORPORATE });
  for (const index of range(count)) {
    const host = `srv-${index}.partner.example.com`;
    const provider = External.server({ host, ports: [Port.http(443)] });
    const server = new PeerEnd(Identity.dns(host), TrustBundle.declared('partner'));
    const tls = PeeringTls.mutual({ client, server });
    new EgressGatewayPeering(fleet, `p${index}`, { consumer, provider, egress, tls }).expose(provider, {
      host,
      allow: [Access.http()],
    });
  }
}

/** That many meshes of other organisations that share one host of one ingress gateway. */
function consumers(fleet: Fleet, count: number): void {
  const provider = mesh(fleet, 'b');
  const ingress = gateway(provider, 'ingress');
  const service = provider.service('svc', { namespace: 'team', ports: [Port.http(8000)] });
  const identity = Identity.dns('ingress.b.example.com');
  const server = Credential.secret('ingress-cert', { identity, signer: CORPORATE });
  for (const index of range(count)) {
    const consumer = Mesh.external(fleet, `x${index}`, { trustDomain: `x${index}.example.com` });
    const client = new PeerEnd(Identity.spiffe(`x${index}.example.com/egress`), CORPORATE);
    const tls = PeeringTls.mutual({ client, server });
    new EgressGatewayPeering(fleet, `p${index}`, { consumer, provider, ingress, tls }).expose(service, {
      host: 'svc.b.example.com',
      allow: [Access.http({ methods: ['GET'], paths: [`/x${index}/*`] })],
    });
  }
}

/** One mesh with that many namespaces, each with an mTLS policy of its own and one way out. */
function namespaces(fleet: Fleet, count: number): void {
  const consumer = mesh(fleet, 'a');
  const names = range(count).map((index) => `team-${index}`);
  for (const name of names) consumer.namespace(name, { create: true });
  const provider = External.server({ host: 'srv.partner.example.com', ports: [Port.http(80)] });
  const egress = gateway(consumer, 'egress');
  const tls = PeeringTls.plain();
  new EgressGatewayPeering(fleet, 'p', { consumer, provider, egress, tls, onlyWayOut: names }).expose(provider, {
    host: provider.host,
    allow: [Access.http()],
  });
  for (const name of names) new MtlsPolicy(consumer, `mtls-${name}`, { mode: 'STRICT', namespace: name });
}

/** One namespace with an mTLS policy for each of that many services. */
function policies(fleet: Fleet, count: number): void {
  const provider = mesh(fleet, 'a');
  for (const index of range(count)) {
    const service = provider.service(`svc-${index}`, { namespace: 'team', ports: [Port.http(8000)] });
    new MtlsPolicy(provider, `mtls-${index}`, { mode: 'STRICT', service });
  }
}

/** That many meshes with two gateways that exist, and nothing else. */
function meshes(fleet: Fleet, count: number): void {
  for (const index of range(count)) {
    const one = new Mesh(new Cluster(fleet, `c${index}`), `m${index}`, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system'),
    });
    for (const kind of ['ingress', 'egress'] as const) {
      Gateway.existing(one, kind, { kind, namespace: 'gateways', selector: { istio: kind } });
    }
  }
}

/** One Routing with that many paths in rules of ten. */
function paths(fleet: Fleet, count: number): void {
  const one = mesh(fleet, 'a');
  const subsets = { v1: { version: 'v1' } };
  const service = one.service('svc', { namespace: 'team', ports: [Port.http(8000)], subsets });
  const cities = (rule: number) => range(10).map((index) => `/insurances/city-${rule}-${index}`);
  const rules = range(count / 10).map((rule) => Rule.paths(cities(rule)).to(service.subset('v1')));
  new Routing(one, 'route', { host: service, rules: [...rules, Rule.otherwise().to(service)] });
}

/** Fleets that are large in one dimension, by what there is a lot of. */
export const WIDE = { exposures, peerings, consumers, namespaces, policies, meshes, paths } as const;
