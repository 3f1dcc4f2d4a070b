import type { Finding } from '../../facts/finding';

/** A finding that is meant, by its code and what it is about. */
export interface Acceptance {
  readonly code: string;
  /** What the finding is about: a construct by its path, or an object by its name. */
  readonly about: { readonly path: string } | { readonly name: string };
  /** Why it is meant, for those who read `fleet.json`. */
  readonly reason: string;
}

/** Construct paths that write an object, by how findings call it: `Kind namespace/name @cluster`. */
export type PathsOf = (object: string) => readonly string[];

/** Whether a finding is one that was accepted. */
export function isAccepted({ code, about }: Acceptance, finding: Finding, pathsOf: PathsOf): boolean {
  if (code !== finding.code) return false;
  return 'name' in about
    ? finding.objects.some((object) => namesOf(object).includes(about.name))
    : finding.objects.some((object) => pathsAround(object, pathsOf).some((path) => isAtOrBelow(path, about.path)));
}

/** `Gateway a/b @east` is called so, `Gateway a/b`, `a/b @east` and `a/b`. */
function namesOf(object: string): string[] {
  const short = object.replace(/ (@|of )\S+$/, '');
  return [object, short, ...[object, short].map((text) => text.replace(/^\S+ /, ''))];
}

/** Paths of the constructs that an object of a finding belongs to. */
function pathsAround(object: string, pathsOf: PathsOf): string[] {
  // `peering premium`: what is no Kubernetes kind is a construct. `Service a/b of east/shop` belongs to a mesh.
  const [, kind, path] = /^([a-z]+) (\S+)/.exec(object) ?? [];
  // the construct id of a peering says that it is one
  const construct = kind === 'peering' ? path.replace(/[^/]+$/, 'peering $&') : path;
  const [, owner] = / of (\S+)$/.exec(object) ?? [];
  return [construct, owner, ...pathsOf(object)].filter((path) => path !== undefined);
}

function isAtOrBelow(path: string, around: string): boolean {
  return path === around || path.startsWith(`${around}/`);
}
