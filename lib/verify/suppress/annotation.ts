import type { LocatedFinding } from '../located';
import { describe, type Ref, type Resource, refTo } from '../world/resource';
import type { Acceptance } from './acceptance';

/** Annotation of an object whose findings are meant: a line per code, `MESH3001: why it is meant`. */
export const ACCEPT = 'multimesh.io/accept';

/** An acceptance, and where it stands. */
export interface PlacedAcceptance extends Acceptance {
  readonly by: 'annotation' | 'file';
  readonly place: Ref;
}

/** What annotations of objects accept, and what is wrong with them. */
export function annotatedAcceptances(resources: readonly Resource[]): {
  readonly acceptances: readonly PlacedAcceptance[];
  readonly problems: readonly LocatedFinding[];
} {
  const acceptances: PlacedAcceptance[] = [];
  const problems: LocatedFinding[] = [];
  for (const one of resources) {
    const text: unknown = one.annotations?.[ACCEPT];
    if (typeof text !== 'string') continue;
    const place = refTo(one, `metadata.annotations[${ACCEPT}]`);
    for (const line of text.split('\n').filter((part) => part.trim() !== '')) {
      const [, code, reason] = /^\s*([A-Z]+\d+)\s*:\s*(\S.*?)\s*$/.exec(line) ?? [];
      if (code === undefined) problems.push(malformed(line, place));
      else acceptances.push({ code, about: { name: describe(one) }, reason, by: 'annotation', place });
    }
  }
  return { acceptances, problems };
}

const malformed = (line: string, place: Ref): LocatedFinding => ({
  code: 'MESH4006',
  severity: 'error',
  objects: [place.object],
  message: `${ACCEPT} is '${line.trim()}'; expected lines like 'MESH3001: why it is meant'`,
  atRuntime: 'nothing happens; what was to be accepted is not',
  fix: 'state code and reason, or remove the annotation',
  refs: [place],
});
