import type { Because } from '../../diff/causes';
import type { ObjectChange } from '../../diff/changes';
import type { Change, Difference, Side } from '../../diff/diff';
import { type Place, placeOf } from '../place';
import type { SourceLines } from '../source-line';
import { type HopDocument, hopDocument } from '../trace/json';

/** Changes as JSON (`schema/diff.schema.json`): deterministic, with the version of their shape. */
export interface DifferenceDocument extends Omit<Difference, 'changes' | 'objects'> {
  readonly version: 1;
  readonly changes: readonly ChangeDocument[];
  readonly objects: readonly Placed<ObjectChange>[];
}

/** What has references, with the lines of their fields. */
type Placed<T> = Omit<T, 'refs'> & { readonly places: readonly Place[] };

type SideDocument = Omit<Side, 'hops'> & { readonly hops: readonly HopDocument[] };

type ChangeDocument = Omit<Change, 'before' | 'after' | 'because'> & {
  readonly before: SideDocument;
  readonly after: SideDocument;
  readonly because?: Placed<Because>;
};

/** The JSON form of changes. */
export function differenceDocument(found: Difference, lines: SourceLines): DifferenceDocument {
  const side = ({ hops, ...one }: Side): SideDocument => ({ ...one, hops: hops.map((hop) => hopDocument(hop, lines)) });
  const placed = <T extends Pick<ObjectChange, 'refs'>>({ refs, ...one }: T): Placed<T> => ({
    ...one,
    places: refs.map((ref) => placeOf(ref, lines)),
  });
  return {
    version: 1,
    ...found,
    changes: found.changes.map(({ because, ...one }) => ({
      ...{ ...one, before: side(one.before), after: side(one.after) },
      ...(because ? { because: placed(because) } : {}),
    })),
    objects: found.objects.map(placed),
  };
}
