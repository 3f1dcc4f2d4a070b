import { MeshError } from '../../facts/error';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';

/** A name that a gateway takes. */
interface Taken {
  readonly where: string;
  /** Whether copies of its requests are taken, not the requests themselves. */
  readonly isCopy: boolean;
}

/** What one peering leads of a host through a gateway. */
export interface NameClaim {
  readonly host: string;
  /** Other hosts of which it takes copies. */
  readonly copies: readonly string[];
  readonly where: string;
}

/**
 * Notes names that lead through an egress gateway.
 *
 * @throws MESH1315 for copies of a host that leads through the same gateway itself: of two servers that take one host
 * istiod drops the second; MESH1317 for a name of a domain that leads there as a whole: what is allowed for all names is for
 * this one, too.
 */
export function claimNames(egress: Gateway, { host, copies, where }: NameClaim): void {
  const names = attached(egress.atPods, 'names', () => new Map<string, Taken>());
  for (const [index, name] of [host, ...copies].entries()) {
    const isCopy = index > 0;
    const known = names.get(name);
    if (known !== undefined && (isCopy || known.isCopy)) throw twice(egress, name, [known, { where, isCopy }]);
    const other = around(names, name) ?? within(names, name);
    const by = other !== undefined && names.get(other);
    if (other !== undefined && by) throw below(egress, [other, name], by.where, where);
    names.set(name, { where, isCopy });
  }
}

function twice(egress: Gateway, name: string, [known, own]: readonly [Taken, Taken]): MeshError {
  const as = ({ isCopy }: Taken) => (isCopy ? 'copies of its requests' : 'its requests');
  return new MeshError(
    'MESH1315',
    own.where,
    `host '${name}' leads through egress gateway ${egress.node.path} already: ${as(known)} by peering '${known.where}', ${as(own)} here, and of two servers that take one host istiod drops the second; lead copies through another egress gateway, or by a DirectPeering`,
  );
}

function below(egress: Gateway, [other, name]: readonly [string, string], by: string, where: string): MeshError {
  const [domain, one] = isBelow(name, other) ? [other, name] : [name, other];
  return new MeshError(
    'MESH1317',
    where,
    `'${one}' is a name of '${domain}', and both lead through gateway ${egress.node.path} (the other one by peering '${by}'), so who may call all names could call this one, too; leave one of the two out, or use another gateway`,
  );
}

/** The domain among names that has a name, or a part. */
function around(names: ReadonlyMap<string, Taken>, name: string): string | undefined {
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const domain = `*${name.slice(dot)}`;
    if (domain !== name && names.has(domain)) return domain;
  }
  return undefined;
}

/** The first among names that a domain has. */
function within(names: ReadonlyMap<string, Taken>, domain: string): string | undefined {
  if (!domain.startsWith('*.')) return undefined;
  for (const name of names.keys()) if (isBelow(name, domain)) return name;
  return undefined;
}

/** Whether a domain has a name, or a part. */
function isBelow(name: string, domain: string): boolean {
  return domain.startsWith('*.') && name !== domain && name.endsWith(domain.slice(1));
}
