import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build, type OnResolveArgs, type Plugin } from 'esbuild';

/**
 * Modules of `lib/` that become files; what they need of it is in them. `cli/main` is apart from what it runs, so that it
 * can have Node keep the compiled code of that.
 */
const ENTRIES = ['index', 'testing/index', 'cli/main', 'cli/run'];

/** Modules whose classes exist once: of them, other entry points take what an entry point exports. */
const SHARED: Readonly<Record<string, string>> = {
  'lib/fleet/fleet': 'lib/index.js',
  'lib/facts/error': 'lib/index.js',
  'lib/cli/run': 'lib/cli/run.js',
};
const SHARED_BY = ['testing/index', 'cli/main'];

/**
 * Puts the code of `lib/` into one file per entry point, and removes the files that it was compiled to. Packages, the
 * typed objects of `imports/` and data stay what they are.
 *
 * @param root folder of the repository.
 * @param folder where it was compiled to.
 */
export async function bundle(root: string, folder: string): Promise<void> {
  const all = readdirSync(join(folder, 'lib'), { recursive: true, encoding: 'utf8' });
  const compiled = all.filter((file) => file.endsWith('.js')).map((file) => join(folder, 'lib', file));
  const names = namesOfClasses(compiled);
  for (const file of compiled) rmSync(file);
  for (const entry of ENTRIES) {
    const outfile = join(folder, 'lib', `${entry}.js`);
    const placeOf = (module: string) => ownPlace(module, root, folder, SHARED_BY.includes(entry) ? SHARED : {});
    const { outputFiles } = await build({
      entryPoints: [join(root, 'lib', `${entry}.ts`)],
      outfile,
      write: false,
      ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', packages: 'external', logLevel: 'warning' },
      plugins: [stayOutside(placeOf, dirname(outfile))],
    });
    writeFileSync(outfile, withNamesOfClasses(outputFiles[0].text, names));
  }
}

/** Modules that stay files of their own: the bundle finds them where the package has them. */
function stayOutside(placeOf: (module: string) => string | undefined, from: string): Plugin {
  const outside = ({ path, resolveDir }: OnResolveArgs) => {
    const place = placeOf(resolve(resolveDir, path));
    if (place === undefined) return undefined;
    const target = relative(from, place).split(sep).join('/');
    return { path: target.startsWith('.') ? target : `./${target}`, external: true };
  };
  return { name: 'stay outside', setup: (build) => build.onResolve({ filter: /^\./ }, outside) };
}

/** The file of a module that is not bundled; undefined for others. */
function ownPlace(
  module: string,
  root: string,
  folder: string,
  shared: Readonly<Record<string, string>>,
): string | undefined {
  const path = relative(root, module).split(sep).join('/');
  if (shared[path] !== undefined) return join(folder, shared[path]);
  if (path.startsWith('schema/')) return module;
  if (path.endsWith('.json')) return join(folder, path);
  if (!path.startsWith('imports/')) return undefined;
  return join(folder, existsSync(`${module}.ts`) ? `${path}.js` : join(path, 'index.js'));
}

/** Names of the classes that files declare. */
function namesOfClasses(files: readonly string[]): Set<string> {
  return new Set(files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(CLASS)].map(nameOf)));
}

/** A class, declared or as the value of a variable. */
const CLASS = /\b(?:(\w+) = )?class(?: (?!extends )(\w+))?(?: extends [^{]+)? \{/g;

const nameOf = ([, variable, name]: readonly string[]): string => name ?? variable;

/**
 * The bundler renames classes that name themselves inside (`_Port`), and all but one of those of one name (`Mesh2`).
 * Messages call constructs by their classes. The bundler's own `keepNames` costs a call for every function made at run time.
 */
function withNamesOfClasses(text: string, names: ReadonlySet<string>): string {
  return text.replace(CLASS, (found, ...groups: string[]) => {
    const renamed = nameOf([found, ...groups]);
    if (names.has(renamed)) return found;
    const name = renamed.replace(/^_|\d+$/g, '');
    if (!names.has(name)) throw new Error(`which class is ${renamed}?`);
    return `${found} static { Object.defineProperty(this, "name", { value: "${name}" }); }`;
  });
}
