import type { Random } from '../../../tools/random';
import type { Call } from '../../bed/scenario';
import type { KubeObject } from '../../kubernetes/types';
import type { BedState } from '../state';
import { KEPT } from './changes';

const PATHS = ['/', '/status/418', '/status/503', '/a/../b', '//x', '/headers?x=1'];

/** A call that nobody has thought of: one of a scenario with something else in it, or of any host and port. */
export function randomCall(random: Random, state: BedState, known: readonly Call[]): Call {
  const single = known.filter(({ url }) => !/[?&](fail|sleep)=/.test(url));
  const hasHosts = callers(state).some((from) => hostsSeenBy(from, state).length > 0);
  const isChanged = single.length > 0 && (!hasHosts || !random.once(3));
  const call = isChanged ? changed(random, random.pick(single), single) : invented(random, state);
  const from = random.once(3) ? random.pick(callers(state)) : call.from;
  return { ...defined(call), from, url: call.url, expect: {}, why: 'random' };
}

function changed(random: Random, base: Call, known: readonly Call[]): Call {
  const { from, url, method, headers, as, sni, http2 } = base;
  const call: Call = { from, url, expect: {}, why: '', ...defined({ method, headers, as, sni, http2 }) };
  const isHttp = /^https?:/.test(url);
  const others = known.map(({ url: one }) => one);
  switch (random.below(6)) {
    case 0:
      return isHttp ? { ...call, url: url.replace(/^(\w+:\/\/[^/]+).*$/, `$1${random.pick(PATHS)}`) } : call;
    case 1:
      return isHttp ? { ...call, method: random.pick(['GET', 'POST', 'HEAD', 'DELETE', 'PUT']) } : call;
    case 2:
      return { ...call, as: undefined };
    case 3:
      return {
        ...call,
        url: url.replace(/:(\d+)(?=\/|$)/, () => `:${random.pick([80, 443, 8000, 8080, 9080, 15443])}`),
      };
    case 4:
      return { from: random.pick(known).from, url: random.pick(others), expect: {}, why: '' };
    default:
      return call;
  }
}

/** Workloads that run a program of their own, gateways left out: nobody sits there and calls. */
function callers({ clusters }: BedState): string[] {
  return Object.entries(clusters).flatMap(([cluster, { objects }]) =>
    objects.flatMap((object) => {
      const { kind, metadata, spec } = object as KubeObject & { spec?: Deployment };
      const containers = spec?.template?.spec?.containers ?? [];
      const isProxy = containers.every(({ name }) => name === 'istio-proxy' || name === 'discovery');
      if (kind !== 'Deployment' || isProxy || spec?.replicas === 0) return [];
      return [`${cluster}/${metadata.namespace}/${metadata.name}`];
    }),
  );
}

interface Deployment {
  replicas?: number;
  template?: { spec?: { containers?: { name: string }[] } };
}

interface Port {
  name?: string;
  number?: number;
  port?: number;
  protocol?: string;
}

/** Hosts that objects in the cluster of a caller name, with their ports. */
function hostsSeenBy(from: string, { clusters }: BedState): { hosts: string[]; ports: Port[] }[] {
  const { objects } = clusters[from.split('/')[0]];
  const named = objects.flatMap((object) => {
    const { kind, metadata, spec } = object as KubeObject & { spec: { hosts?: string[]; ports?: Port[] } };
    if (KEPT.includes(metadata.name)) return [];
    if (kind === 'Service') return [{ hosts: [`${metadata.name}.${metadata.namespace}`], ports: spec.ports ?? [] }];
    return kind === 'ServiceEntry' ? [{ hosts: spec.hosts ?? [], ports: spec.ports ?? [] }] : [];
  });
  return named.filter(({ hosts, ports }) => hosts.length > 0 && ports.length > 0);
}

/** Any host that an object names, at a port of it. */
function invented(random: Random, state: BedState): Call {
  const from = random.pick(callers(state).filter((one) => hostsSeenBy(one, state).length > 0));
  const { hosts, ports } = random.pick(hostsSeenBy(from, state));
  const { name = '', number, port = number, protocol = name } = random.pick(ports);
  const host = random.pick(hosts).replace(/^\*/, 'any');
  const scheme = schemeOf(protocol.toLowerCase());
  const isHttp = scheme.startsWith('http');
  return { from, url: `${scheme}://${host}:${port}${isHttp ? random.pick(PATHS) : ''}`, expect: {}, why: '' };
}

function schemeOf(protocol: string): string {
  if (/^(https|tls)/.test(protocol)) return 'https';
  return /^(http|grpc)/.test(protocol) ? 'http' : /^(tcp|mongo|mysql)/.test(protocol) ? 'tcp' : 'http';
}

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}
