import { posix } from 'node:path';
import { type Import, importsOf } from './imports';

/** Texts of files by their path from the root of the repository. */
export type Files = ReadonlyMap<string, string>;

/** An import and where it leads. */
export interface ResolvedImport extends Import {
  /** Path of the importing file. */
  readonly from: string;
  /** Path of the imported file, for a relative specifier that leads to one of the files. */
  readonly to?: string;
  /** Name of the imported package, or `node:…`. */
  readonly package?: string;
}

/** All imports of some files. */
export function resolvedImports(files: Files): ResolvedImport[] {
  const sources = [...files].filter(([path]) => path.endsWith('.ts'));
  return sources.flatMap(([from, text]) =>
    importsOf(from, text).map((found) => ({ ...found, from, ...target(files, from, found.specifier) })),
  );
}

function target(files: Files, from: string, specifier: string | undefined): { to?: string; package?: string } {
  if (specifier === undefined) return {};
  if (!specifier.startsWith('.')) return { package: packageOf(specifier) };
  const path = posix.join(posix.dirname(from), specifier);
  return { to: [path, `${path}.ts`, `${path}.d.ts`, posix.join(path, 'index.ts')].find((file) => files.has(file)) };
}

/** `@scope/name` or `name`, without the path inside the package. */
function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
