import { isDeepStrictEqual } from 'node:util';
import type { FindingField } from '../../facts/finding';
import { SeenBefore, viewersOf } from '../objects/exports';
import { type Found, objectsOf, type RuleInput } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { at, type Problem, type Rule } from '../rule';
import type { ServiceEntrySpec } from '../world/istio-types';

/** A second ServiceEntry for the host of an exposure. */
export const serviceEntryBeside: Rule = {
  code: 'MESH3065',
  severity: 'error',
  title: 'second ServiceEntry for the host of an exposure',
  why: 'callers know one service of a host: of two ServiceEntries in one namespace it has the endpoints of both, of those in several they take one; calls go elsewhere than the peering says, or around its gateway',
  fix: 'remove your own ServiceEntry, or let callers that need it see no other (exportTo)',
  reads: ['ServiceEntry'],
  check: (input) => {
    const planes = planesOf(input);
    const exposed = exposedHosts(input);
    const seen = new Map<string, SeenBefore<Registration>>();
    return objectsOf<ServiceEntrySpec>(input, 'ServiceEntry', 'networking.istio.io').flatMap((entry): Problem[] => {
      const { hosts = [], ports = [], exportTo } = entry.spec;
      const viewers = viewersOf(exportTo, entry.namespace);
      return [...new Set(hosts)]
        .filter((host) => exposed.has(host))
        .flatMap((host) => {
          const rivals = ports.flatMap(({ number }) => {
            const key = `${planes.of(entry)} ${host}:${number}`;
            const before = seen.get(key) ?? new SeenBefore<Registration>();
            seen.set(key, before);
            const rival = before.add({ entry, host: at(entry.ref, `spec.hosts[${hosts.indexOf(host)}]`) }, viewers);
            return rival === undefined || isTheSame(rival.value.entry, entry) ? [] : [rival];
          });
          if (rivals.length === 0) return [];
          const [{ value: first, viewer }] = rivals;
          const value = first.host;
          const who = viewer === '*' ? 'all callers' : `callers of namespace '${viewer}'`;
          const own = at(entry.ref, `spec.hosts[${hosts.indexOf(host)}]`);
          return [{ objects: [value, own], message: `${who} see '${host}' in ${value.object} and in ${entry.ref}` }];
        });
    });
  },
};

/** An object that registers a host, and where it says so. */
interface Registration {
  readonly entry: Found<ServiceEntrySpec>;
  readonly host: FindingField;
}

/** Two that say the same in one namespace are one: each is of a peering for other pods. */
const isTheSame = (a: Registration['entry'], b: Registration['entry']): boolean =>
  a.namespace === b.namespace && isDeepStrictEqual(a.spec, b.spec);

/** Hosts that exposures let callers dial, and by which gateways lead to them. */
function exposedHosts({ facts }: RuleInput): Set<string> {
  return new Set(
    facts.peerings.flatMap(({ exposures }) =>
      exposures.flatMap(({ host, nextHop }) => host ?? nextHop?.authority ?? []),
    ),
  );
}
