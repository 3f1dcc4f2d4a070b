import type { World } from '../world/world';
import type { Box } from './boxes';
import { textAnswers } from './cells';
import { described } from './classes';
import type { Domain } from './domain';
import type { CallerKind, Surveyed } from './survey';
import { fitsAnswers } from './texts';

/** Who may make a call. */
export interface Callers {
  readonly kind: CallerKind;
  readonly cluster: string;
  /** Workloads by `cluster/namespace/name`; none where they are strangers. */
  readonly workloads: readonly string[];
  /** `anyone`, or what a stranger's certificate must be: one per possibility. */
  readonly strangers: readonly string[];
}

/** A server asks for a certificate, and no fact says of which authority: its Secret is not among them. */
const UNSTATED_CERTIFICATE = 'a certificate of an authority that no fact states';

/** The callers of a box. */
export function callersOf({ kind, cluster, domain, hasCertificate }: Surveyed, box: Box, world: World): Callers {
  if (kind === 'workloads') {
    return {
      kind,
      cluster,
      workloads: domain
        .callersWith(box)
        .map(({ id }) => id)
        .sort(),
      strangers: [],
    };
  }
  return { kind, cluster, workloads: [], strangers: [stranger(domain, box, hasCertificate, world)] };
}

function stranger(domain: Domain, box: Box, hasCertificate: boolean, { certificates }: World): string {
  const blocks = box.flatMap(({ question, answer }) =>
    question.about === 'address' ? [`${answer ? '' : 'not '}from ${question.block}`] : [],
  );
  const where = blocks.length > 0 ? ` ${blocks.sort().join(', ')}` : '';
  const names = textAnswers(box).get('san') ?? [];
  const isAsked = box.some(({ question }) => question.about === 'root') || names.length > 0;
  if (!hasCertificate) return `anyone${where}`;
  // whoever needs none is a row of its own, which this one is part of
  if (!isAsked) return `${UNSTATED_CERTIFICATE}${where}`;
  const roots = domain.rootsWith(box);
  const name = names.length > 0 ? ` named ${described('san', names)}` : '';
  const known = [...certificates.values()].filter(
    ({ ca, eku, san = [] }) =>
      roots.includes(ca) &&
      (!eku || eku.includes('clientAuth')) &&
      san.some((one) => fitsAnswers(one.replace(/^(URI|DNS|IP):/, ''), names)),
  );
  const such =
    known.length > 0
      ? ` (such as ${known
          .map((one) => one.name)
          .sort()
          .join(', ')})`
      : '';
  return `a certificate of ${roots.join(' or ')}${name}${such}${where}`;
}

/** Callers that are one row. */
export const together = (a: Callers, b: Callers): Callers => ({
  ...a,
  workloads: [...new Set([...a.workloads, ...b.workloads])].sort(),
  strangers: withoutOthers([...new Set([...a.strangers, ...b.strangers])].sort()),
});

/** Who may be anyone need not be told apart. */
const withoutOthers = (strangers: readonly string[]): readonly string[] =>
  strangers.includes('anyone')
    ? ['anyone']
    : strangers.filter(
        (one) =>
          !one.startsWith(UNSTATED_CERTIFICATE) || !strangers.includes(one.replace(UNSTATED_CERTIFICATE, 'anyone')),
      );

const MOST_NAMES = 4;

/** As people say it: whole clusters and namespaces by their name. */
export function describeCallers({ kind, cluster, workloads, strangers }: Callers, world: World): string {
  if (kind === 'outside') return `outside of ${cluster}: ${strangers.join('; or ')}`;
  if (kind === 'network') return `network of ${cluster}: ${strangers.join('; or ')}`;
  return collapsed(cluster, world, workloads);
}

function collapsed(cluster: string, world: World, workloads: readonly string[]): string {
  const all = world.workloadsOf(cluster).filter(({ proxy }) => proxy !== 'gateway');
  const calling = all.map(({ namespace, name }) => `${cluster}/${namespace}/${name}`);
  const has = new Set(workloads);
  if (calling.length > 1 && calling.every((id) => has.has(id))) return `all workloads of ${cluster}`;
  const namespaces = new Map<string, string[]>();
  for (const id of calling) {
    const [, namespace] = id.split('/');
    namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), id]);
  }
  const parts = [...namespaces]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([namespace, ids]) => {
      const ours = ids.filter((id) => has.has(id));
      return ids.length > 1 && ours.length === ids.length ? [`${cluster}/${namespace}/*`] : ours;
    });
  return listed(parts.length > 0 ? parts : workloads);
}

const listed = (names: readonly string[]): string =>
  names.length <= MOST_NAMES
    ? names.join(', ')
    : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
