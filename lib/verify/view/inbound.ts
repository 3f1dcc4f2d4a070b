import { listenerProtocol, parseProtocol } from '../registry/protocol';
import type { Target } from '../registry/registry';
import type { SidecarSpec } from '../world/istio-types';
import { type Ref, type Resource, refTo } from '../world/resource';
import type { Mtls, MtlsMode } from './peer-authentication';
import type { TlsLimits } from './tls-limits';
import type { Chain, Listener, Rbac, ServerTls } from './types';

const MTLS_HTTP = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
const MTLS_ALL = ['istio', 'istio-peer-exchange', ...MTLS_HTTP];
const MTLS_TCP = ['istio-peer-exchange', 'istio'];
const PLAIN_HTTP = ['http/1.1', 'h2c'];

/** One way in which a port is spoken to. */
interface Option {
  readonly transport: 'tls' | 'raw_buffer';
  readonly alpn?: readonly string[];
  readonly isHttp: boolean;
  readonly isMtls?: true;
}

/** Chains of a port by its protocol and mode (`filterchain_options.go`). */
const OPTIONS: Readonly<Record<'HTTP' | 'TCP' | 'AUTO', Readonly<Record<MtlsMode, readonly Option[]>>>> = {
  HTTP: {
    STRICT: [{ transport: 'tls', isHttp: true, isMtls: true }],
    PERMISSIVE: [
      { alpn: MTLS_ALL, transport: 'tls', isHttp: true, isMtls: true },
      { transport: 'raw_buffer', isHttp: true },
    ],
    DISABLE: [{ transport: 'raw_buffer', isHttp: true }],
  },
  TCP: {
    STRICT: [{ transport: 'tls', isHttp: false, isMtls: true }],
    PERMISSIVE: [
      { alpn: MTLS_ALL, transport: 'tls', isHttp: false, isMtls: true },
      { transport: 'tls', isHttp: false },
      { transport: 'raw_buffer', isHttp: false },
    ],
    DISABLE: [{ transport: 'raw_buffer', isHttp: false }],
  },
  AUTO: {
    STRICT: [
      { alpn: MTLS_HTTP, transport: 'tls', isHttp: true, isMtls: true },
      { transport: 'tls', isHttp: false, isMtls: true },
    ],
    PERMISSIVE: [
      { alpn: MTLS_HTTP, transport: 'tls', isHttp: true, isMtls: true },
      { alpn: PLAIN_HTTP, transport: 'raw_buffer', isHttp: true },
      { alpn: MTLS_TCP, transport: 'tls', isHttp: false, isMtls: true },
      { transport: 'raw_buffer', isHttp: false },
      { transport: 'tls', isHttp: false },
    ],
    DISABLE: [
      { alpn: PLAIN_HTTP, transport: 'raw_buffer', isHttp: true },
      { transport: 'raw_buffer', isHttp: false },
    ],
  },
};

/** What a sidecar's inbound listener is made of. */
export interface InboundSources {
  readonly mtls: Mtls;
  readonly limits: TlsLimits;
  readonly trustDomains: readonly string[];
  readonly targets: readonly Target[];
  readonly sidecar?: Resource<SidecarSpec>;
  readonly httpRbac: readonly Rbac[];
  readonly tcpRbac: readonly Rbac[];
}

interface InboundPort {
  readonly port?: number;
  readonly protocol: 'HTTP' | 'TCP' | 'AUTO';
  readonly cluster: string;
  readonly refs: readonly Ref[];
}

export const INBOUND_PASSTHROUGH = 'InboundPassthroughCluster';

/** The listener that takes all connections to a workload (`listener_inbound.go: buildInboundChainConfigs`). */
export function inboundListener(sources: InboundSources): Listener {
  const { mtls, sidecar, targets } = sources;
  const ports = sidecar?.spec.ingress?.length ? ingressPorts(sidecar) : servicePorts(targets);
  const listed = new Set(ports.map(({ port }) => port));
  const unlisted = [...mtls.ports.keys()].filter((port) => !listed.has(port));
  const all: InboundPort[] = [
    { protocol: 'AUTO', cluster: INBOUND_PASSTHROUGH, refs: [] },
    // ports of portLevelMtls that no service lists
    ...unlisted.map((port) => ({ port, protocol: 'AUTO' as const, cluster: INBOUND_PASSTHROUGH, refs: [] })),
    ...ports,
  ];
  return { name: 'virtualInbound', chains: all.flatMap((one) => chainsOf(one, sources)) };
}

/** Sidecar.ingress replaces the ports of services. */
function ingressPorts(sidecar: Resource<SidecarSpec>): InboundPort[] {
  return (sidecar.spec.ingress ?? []).map(({ port, defaultEndpoint = '' }, index) => ({
    port: port.number,
    protocol: tcpUnlessHttp(listenerProtocol(parseProtocol(port.protocol))),
    cluster: `inbound|${port.number}||${defaultEndpoint}`,
    refs: [refTo(sidecar, `spec.ingress[${index}]`)],
  }));
}

/** Of services that share a target port, the first decides. */
function servicePorts(targets: readonly Target[]): InboundPort[] {
  const first = targets.filter((one, index) => targets.findIndex(({ target }) => target === one.target) === index);
  return first.map(({ service, port, target }) => ({
    port: target,
    protocol: tcpUnlessHttp(listenerProtocol(port.protocol)),
    cluster: `inbound|${target}||`,
    refs: [refTo(service.from, 'spec.ports')],
  }));
}

const tcpUnlessHttp = (protocol: 'HTTP' | 'TCP' | 'AUTO' | 'UDP') => (protocol === 'UDP' ? 'TCP' : protocol);

function chainsOf({ port, protocol, cluster, refs }: InboundPort, sources: InboundSources): Chain[] {
  const { mtls, limits, trustDomains } = sources;
  const mode = (port === undefined ? undefined : mtls.ports.get(port)) ?? mtls.mode;
  const tls: ServerTls = {
    mode: 'ISTIO_MUTUAL',
    requiresClient: true,
    validatesClient: true,
    trustDomains,
    limits,
    refs: mtls.refs,
  };
  return OPTIONS[protocol][mode].map(({ transport, alpn, isHttp, isMtls }) => ({
    name: port === undefined ? (isHttp ? 'virtualInbound-catchall-http' : 'virtualInbound') : `0.0.0.0_${port}`,
    transport,
    ...(port === undefined ? {} : { destinationPort: port }),
    ...(alpn ? { alpn } : {}),
    ...(isMtls ? { tls } : {}),
    ...(isHttp ? { http: { inbound: cluster } } : { tcp: [{ cluster, weight: 1 }] }),
    rbac: isHttp ? sources.httpRbac : sources.tcpRbac,
    refs: [...refs, ...mtls.refs],
  }));
}
