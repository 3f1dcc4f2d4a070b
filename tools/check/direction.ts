import { isBuiltin } from 'node:module';
import { type Files, type ResolvedImport, resolvedImports } from './modules';
import type { Problem } from './problem';

/** Rooms from left to right; a room may import those left of it, those of one step do not know each other. */
const ORDER = [
  ['imports', 'schema'],
  ['lib/facts'],
  ['lib/platform', 'lib/trust'],
  ['lib/verify'],
  ['lib/synth'],
  ['lib/fleet'],
  ['lib/mesh'],
  ['lib/traffic'],
  ['lib/peering/callers.ts', 'lib/peering/exposure.ts', 'lib/peering/strategy.ts'],
  ['lib/peering/hop'],
  ['lib/peering/ingress', 'lib/peering/egress'],
  // what one strategy is made of does not know what others are made of
  ['lib/peering/private-gateway', 'lib/peering/shared-root', 'lib/peering/federation'],
  ['lib/peering'],
];

/** A part of the repository: what it may import besides itself. */
interface Part {
  readonly name: string;
  /** Names of parts. */
  readonly allowed: readonly string[];
}

const STEPS: Part[] = ORDER.flatMap((step, index) =>
  step.map((name) => ({ name, allowed: ORDER.slice(0, index).flat() })),
);
const PARTS: Part[] = [
  ...STEPS,
  // judges YAML without a program: nothing of constructs
  { name: 'lib/cli', allowed: ['imports', 'schema', 'lib/facts', 'lib/platform', 'lib/trust', 'lib/verify'] },
  { name: 'lib/index.ts', allowed: [...ORDER.flat(), 'lib/cli'] },
  { name: 'lib/testing', allowed: [...ORDER.flat(), 'lib/index.ts'] },
  { name: 'scenarios', allowed: ['lib/index.ts'] },
  { name: 'main.ts', allowed: ['lib/index.ts', 'scenarios'] },
];

/** What a package.json says about the packages that its users have. */
export interface PackageManifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * Imports against the direction of dependencies, and of packages that users of this one do not have.
 *
 * @param files at least everything below imports, lib and scenarios, and main.ts; others are left alone.
 */
export function directionProblems(files: Files, manifest: PackageManifest): Problem[] {
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).sort();
  return resolvedImports(files).flatMap((found) => {
    const part = partOf(found.from);
    if (part === undefined) return isOurs(found.from) ? [unknownFolder(found)] : [];
    const reason = refusal(found, part, packages);
    return reason === undefined ? [] : [{ where: `${found.from}:${found.line}`, message: reason }];
  });
}

function refusal(found: ResolvedImport, part: Part, packages: string[]): string | undefined {
  const { specifier, to } = found;
  if (specifier === undefined) return 'imports a computed name; expected a string, so that its direction can be seen';
  if (found.package !== undefined) {
    if (isBuiltin(specifier) || packages.includes(found.package)) return undefined;
    return `imports '${specifier}', which users do not have; expected a dependency or peer dependency of package.json (${packages.join(', ')}) or a module of Node`;
  }
  if (to === undefined) return `imports '${specifier}', which is no file of the repository`;
  const other = partOf(to);
  if (other !== undefined && (other.name === part.name || part.allowed.includes(other.name))) return undefined;
  const allowed = [part.name, ...part.allowed].join(', ');
  return `imports ${to}; ${part.name} may import ${allowed}`;
}

/** The narrowest part that a file is in. */
function partOf(path: string): Part | undefined {
  return PARTS.filter(({ name }) => path === name || path.startsWith(`${name}/`)).sort(
    (a, b) => b.name.length - a.name.length,
  )[0];
}

function isOurs(path: string): boolean {
  return path.startsWith('lib/');
}

function unknownFolder({ from, line }: ResolvedImport): Problem {
  const known = PARTS.map(({ name }) => name).join(', ');
  return { where: `${from}:${line}`, message: `is in no folder that has a place in the order; expected ${known}` };
}
