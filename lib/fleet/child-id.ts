import { Construct } from 'constructs';
import { MeshError } from '../facts/error';
import { describe } from '../facts/kind-of';
import { isMarked } from '../facts/marks';
import { dnsLabel } from '../facts/names';

/** What a construct of the library is called, and where it may stand. */
interface Kind {
  /** How messages call it: `gateway`. */
  readonly kind: string;
  /**
   * What it stands in, as `marks.ts` knows it.
   * @default - any construct
   */
  readonly scope?: 'Fleet' | 'Cluster' | 'Mesh';
  /**
   * Whether constructs of other kinds may have its id, because its files and objects do not meet theirs: a peering is
   * called after its partner, a workload after its routing. Then its kind is part of what constructs call it.
   * @default false
   */
  readonly isApart?: boolean;
}

/**
 * The id of a construct of the library in its scope, checked before it is created: what constructs itself says of a
 * scope that is none, or of an id that is taken, names neither the kind nor the fix.
 *
 * @throws MESH1006 for a scope of another kind; MESH1001 for a malformed id; MESH1130 for one that is taken.
 */
export function childId(scope: Construct, id: string, { kind, scope: wanted, isApart = false }: Kind): string {
  requireScope(scope, id, kind, wanted);
  dnsLabel(id, scope.node.path || 'fleet', `${kind} id`);
  return vacantId(scope, id, kind, isApart ? `${kind} ${id}` : id);
}

/**
 * An id of any form that nothing else has in its scope.
 *
 * @param own what constructs call it.
 * @throws MESH1130 for one that is taken.
 */
export function vacantId(scope: Construct, id: string, kind: string, own = id): string {
  const other = scope.node.tryFindChild(own);
  if (other === undefined) return own;
  throw new MeshError(
    'MESH1130',
    scope.node.path || 'fleet',
    `${kind} id '${id}' is that of a ${other.constructor.name} already, and files and messages are called by ids; choose another one`,
  );
}

/** How messages call what has its kind in the construct id: the path of its scope, and its id. */
export function ownPath(scope: Construct, id: string): string {
  return [scope.node.path, id].filter((part) => part !== '').join('/');
}

/** @throws MESH1006 for a scope of another kind. */
export function requireScope(scope: unknown, id: string, kind: string, wanted: Kind['scope']): void {
  const isConstruct = Construct.isConstruct(scope);
  if (isConstruct && (wanted === undefined || isMarked(scope, wanted))) return;
  const received = isConstruct
    ? `the ${scope.constructor.name} ${describe(scope.node.path)}`
    : typeof scope === 'object' && scope !== null
      ? 'no construct'
      : describe(scope);
  throw new MeshError(
    'MESH1006',
    `${kind} ${describe(id)}`,
    `what it is created in is ${received}, expected ${wanted === undefined ? 'a construct, such as the Fleet' : `a ${wanted}`}`,
  );
}
