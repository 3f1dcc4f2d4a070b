import type { AcceptedFinding } from '../../facts/fleet';
import type { LocatedFinding } from '../located';
import { isAccepted } from './acceptance';
import type { PlacedAcceptance } from './annotation';

/** Objects are called by their names: no file says which construct wrote them. */
const NO_PATHS = (): string[] => [];

/**
 * Marks the findings that are meant: by annotations and files, and those that the program accepted which wrote the
 * manifests. An acceptance that meets no finding is a warning itself: what it was for is gone, or it is misspelled.
 *
 * @param byProgram `accepted` of `fleet.json`; it may name findings of the program's own checks, which are not found here.
 */
export function suppress(
  findings: readonly LocatedFinding[],
  acceptances: readonly PlacedAcceptance[],
  byProgram: readonly AcceptedFinding[] = [],
): LocatedFinding[] {
  const used = new Set<PlacedAcceptance>();
  const marked = findings.map((finding) => {
    const taking = acceptances.filter((one) => isAccepted(one, finding, NO_PATHS));
    for (const one of taking) used.add(one);
    const [first] = taking;
    if (first) return { ...finding, accepted: { by: first.by, reason: first.reason } };
    const { reason } = byProgram.find((one) => isSame(one, finding)) ?? {};
    return reason === undefined ? finding : { ...finding, accepted: { by: 'program' as const, reason } };
  });
  return [...marked, ...acceptances.filter((one) => !used.has(one)).map(unused)];
}

const isSame = (a: AcceptedFinding, b: LocatedFinding): boolean =>
  a.code === b.code && a.message === b.message && a.objects.join('\n') === b.objects.join('\n');

function unused({ code, about, by, place }: PlacedAcceptance): LocatedFinding {
  const what = 'name' in about ? about.name : about.path;
  return {
    code: 'MESH4007',
    severity: 'warning',
    objects: by === 'annotation' ? [place.object] : [],
    message: `${code} is accepted for ${what}, but there is no such finding`,
    atRuntime: 'nothing happens; a later finding of that name would go unnoticed',
    fix: 'remove the acceptance, or correct its code or name',
    refs: [place],
  };
}
