import { serviceHost } from '../../facts/service-host';
import { isHttp, isTls, type Protocol } from '../registry/protocol';
import type { Engine } from '../run/engine';
import { resolve } from '../run/names';
import type { Chain } from '../view/types';
import { describe } from '../world/resource';
import type { Workload } from '../world/workloads';
import type { CallerGroup } from './callers';

/** Something that can be dialled, and how. */
export interface Target {
  /** As a URL without path. */
  readonly url: string;
  /** Cluster that it leads into. */
  readonly cluster: string;
  readonly ip: string;
  readonly port: number;
  /** What the client sends: requests, bytes, or either of them inside TLS of its own. */
  readonly sends: 'http' | 'tcp';
  readonly tls?: { readonly sni?: string; readonly alpn: readonly string[] };
  /** The Host of requests; undefined where clients may say what they like. */
  readonly host?: string;
}

const HTTPS = ['h2', 'http/1.1'];

/**
 * Every host and port that a group of callers sees.
 *
 * @param isMeant leaves others out. @default all are
 */
export function targetsOf(
  engine: Engine,
  { workloads: [caller], cluster }: CallerGroup,
  isMeant: (hostname: string) => boolean = () => true,
): Target[] {
  const plane = engine.plane({ cluster });
  const services =
    caller.proxy === 'sidecar'
      ? plane.proxy(caller).scope.egress.flatMap((egress) => egress.services)
      : plane.registry.services.filter(({ registry }) => registry === 'Kubernetes');
  const found = new Map<string, Target>();
  for (const { hostname, ports } of services) {
    if (hostname.startsWith('*') || !isMeant(hostname)) continue;
    const [ip] = resolve(engine.world, plane, caller, hostname) ?? [];
    if (ip === undefined) continue;
    for (const { port, protocol } of ports) {
      for (const target of spoken(hostname, cluster, ip, port, protocol)) found.set(target.url, target);
    }
  }
  return [...found.values()];
}

function spoken(host: string, cluster: string, ip: string, port: number, protocol: Protocol): Target[] {
  if (protocol === 'UDP') return [];
  const make = (sends: Target['sends'], tls?: Target['tls']): Target => {
    const scheme = tls ? (sends === 'http' ? 'https' : 'tls') : sends;
    return {
      url: `${scheme}://${host}:${port}`,
      cluster,
      ip,
      port,
      sends,
      ...(tls ? { tls } : {}),
      host: `${host}:${port}`,
    };
  };
  if (isTls(protocol)) return [make('http', { sni: host, alpn: HTTPS })];
  if (isHttp(protocol)) return [make('http')];
  return protocol === 'Unsupported' ? [make('http'), make('tcp')] : [make('tcp')];
}

/** Where one comes in from outside: addresses of load balancers and nodes, with every name that who is behind them knows. */
export function doors(engine: Engine): Target[] {
  const found = new Map<string, Target>();
  for (const { ip, port, mesh, service, servicePort } of engine.world.entrances()) {
    const { registry } = engine.plane(mesh);
    const known = registry.byHost
      .get(serviceHost(service.name, service.namespace, mesh.dnsDomain))
      ?.get(service.namespace);
    for (const { workload, port: target } of known ? registry.endpoints(known, servicePort) : []) {
      const name = `${service.name}.${service.namespace}.${mesh.cluster}`;
      const targets = workload ? portsOf(engine, workload, target, { name, ip, port }) : [];
      for (const one of targets) found.set(one.url, found.get(one.url) ?? one);
    }
  }
  return [...found.values()];
}

/** Pods themselves: the way around gateways, for whoever is in their network. */
export function pods(engine: Engine): Target[] {
  const entered = new Set(engine.world.entrances().map(({ service }) => describe(service)));
  return engine.world.clusters.flatMap((mesh) => {
    const { registry } = engine.plane(mesh);
    return mesh.workloads.flatMap((workload) => {
      const { namespace, name, cluster, containers, ip, proxy } = workload;
      const targets = registry.targets(workload);
      // what is said of a gateway's address outside holds for its pods
      if (proxy === 'gateway' && targets.some(({ service }) => entered.has(describe(service.from)))) return [];
      const listening = proxy === 'gateway' ? engine.proxy(workload).gatewayListeners().keys() : [];
      const stated = containers.flatMap(({ ports }) => [...ports]);
      const all = new Set([...targets.map(({ target }) => target), ...stated, ...listening]);
      const pod = `pod.${namespace}.${name}.${cluster}`;
      return [...all].flatMap((port) => portsOf(engine, workload, port, { name: pod, ip, port }));
    });
  });
}

interface Dialled {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
}

/** All ways to speak to a port of a workload. */
function portsOf(engine: Engine, workload: Workload, port: number, { name, ip, port: dialled }: Dialled): Target[] {
  const make = (sends: Target['sends'], tls?: Target['tls'] & { readonly as?: string }): Target => ({
    url: `${tls ? (tls.as ?? (sends === 'http' ? 'https' : 'tls')) : sends}://${tls?.sni ?? name}:${dialled}`,
    ...{ cluster: workload.cluster, ip, port: dialled, sends },
    ...(tls ? { tls } : {}),
  });
  if (workload.proxy === 'gateway') {
    const chains = engine.proxy(workload).gatewayListeners().get(port)?.chains ?? [];
    return chains.flatMap((chain): Target[] => ofChain(chain, make));
  }
  const target = engine
    .plane(workload)
    .registry.targets(workload)
    .find((one) => one.target === port);
  const protocol = target?.port.protocol ?? 'Unsupported';
  const isBytes = !isHttp(protocol) && protocol !== 'Unsupported';
  const clear = isTls(protocol)
    ? [make('http', { alpn: HTTPS })]
    : isHttp(protocol)
      ? [make('http')]
      : isBytes
        ? [make('tcp')]
        : [make('http'), make('tcp')];
  if (workload.proxy !== 'sidecar') return clear;
  return [
    ...clear,
    ...(isBytes ? [] : [make('http', { alpn: MTLS_HTTP, as: 'mtls' })]),
    ...(isHttp(protocol) ? [] : [make('tcp', { alpn: MTLS_TCP, as: 'mtls+tcp' })]),
  ];
}

/** What Istio's proxies offer each other. */
const MTLS_HTTP = ['istio-http/1.1', 'istio-http/1.0', 'istio-h2'];
const MTLS_TCP = ['istio-peer-exchange', 'istio'];

function ofChain(chain: Chain, make: (sends: Target['sends'], tls?: Target['tls']) => Target): Target[] {
  // what opens TLS and passes bytes on takes any bytes; what passes TLS on does not see what is in it
  const sends = chain.http || !chain.tls ? 'http' : 'tcp';
  if (!chain.tls && !chain.sni?.length) return [make(chain.http ? 'http' : 'tcp')];
  const names = chain.sni?.length ? chain.sni : ['*'];
  const alpn = chain.alpn ?? HTTPS;
  return names.map((name) =>
    make(sends, { sni: name.replace(/^\*\.?/, 'any.').replace(/^any\.$/, 'any.example'), alpn }),
  );
}
