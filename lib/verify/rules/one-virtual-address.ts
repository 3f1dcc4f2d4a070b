import type { FindingField } from '../../facts/finding';
import { SeenBefore, viewersOf } from '../objects/exports';
import { objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { isHttp, parseProtocol } from '../registry/protocol';
import { at, type ClusterRule, type Problem } from '../rule';
import type { ServiceEntrySpec } from '../world/istio-types';

/** Two hosts of bytes with one address and port: nothing but the address tells their connections apart. */
export const oneVirtualAddress: ClusterRule = {
  code: 'MESH3086',
  severity: 'error',
  scope: 'cluster',
  title: 'two hosts of bytes with one address and port',
  why: 'a proxy tells connections of bytes by their address and port alone: those of both hosts go to the older one',
  fix: 'give each host an address of its own, outside of pods, Services and 240.240.0.0/16, which istiod hands out',
  reads: ['ServiceEntry'],
  check: (input) => {
    const planes = planesOf(input);
    const seen = new Map<string, SeenBefore<FindingField & { readonly host: string }>>();
    return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry): Problem[] => {
      const { hosts = [], addresses = [], ports = [], exportTo } = entry.spec;
      const [host] = hosts;
      const viewers = viewersOf(exportTo, entry.namespace);
      return addresses.flatMap((address, index) =>
        ports.flatMap(({ number, protocol }): Problem[] => {
          if (isHttp(parseProtocol(protocol)) || /^(HTTPS|TLS)$/i.test(protocol ?? '')) return [];
          const key = `${planes.of(entry)} ${address.replace(/\/32$/, '')}:${number}`;
          const before = seen.get(key) ?? new SeenBefore<FindingField & { readonly host: string }>();
          seen.set(key, before);
          const own = at(entry.ref, `spec.addresses[${index}]`);
          const rival = before.add({ ...own, host }, viewers)?.value;
          if (rival === undefined || rival.host === host) return [];
          return [
            {
              objects: [own, at(rival.object, rival.field)],
              message: `${entry.ref} gives '${host}' the address ${address}:${number}, as ${rival.object} gives '${rival.host}'`,
            },
          ];
        }),
      );
    });
  },
};
