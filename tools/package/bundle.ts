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
const SHARED_BY: Readonly<Record<string, readonly string[]>> = {
  index: ['lib/cli/run'],
  'testing/index': Object.keys(SHARED),
  'cli/main': Object.keys(SHARED),
};

/** Folders of typed objects, which users import, too: a file for each. */
const OBJECTS = ['cert-manager', 'istio', 'kubernetes', 'maistra', 'openshift', 'sail'];

/** Those that few programs write: they are loaded when one does. */
const SELDOM =
  /var (\w+) = (?:__toESM\()?(require\("[./]*\/imports\/(?:cert-manager|maistra|openshift|sail)\/index\.js"\))\)?;/g;

/**
 * Puts the code of `lib/` into one file per entry point, and each folder of typed objects into one; removes the files that
 * they were compiled to. Packages and data stay what they are.
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
    const placeOf = (module: string) => ownPlace(module, root, folder, SHARED_BY[entry] ?? []);
    const text = await bundled(join(root, 'lib', `${entry}.ts`), outfile, placeOf);
    writeFileSync(outfile, loadedWhenNeeded(withNamesOfClasses(text, names)));
  }
  rmSync(join(folder, 'imports/schema/cel'), { recursive: true });
  for (const name of OBJECTS) {
    const place = join(folder, 'imports', name);
    const outfile = join(place, 'index.js');
    const placeOf = (module: string) =>
      relative(root, module) === join('imports', 'manifest') ? join(folder, 'imports/manifest.js') : undefined;
    const text = await bundled(join(root, 'imports', name, 'index.ts'), outfile, placeOf);
    const files = readdirSync(place).filter((file) => file.endsWith('.js'));
    const own = namesOfClasses(files.map((file) => join(place, file)));
    for (const file of files) rmSync(join(place, file));
    writeFileSync(outfile, withNamesOfClasses(text, own));
  }
}

type PlaceOf = (module: string) => string | undefined;

/** A module with all that it needs, except what stays outside. */
async function bundled(module: string, outfile: string, placeOf: PlaceOf): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [module],
    outfile,
    write: false,
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', packages: 'external', logLevel: 'warning' },
    plugins: [stayOutside(placeOf, dirname(outfile))],
  });
  return outputFiles[0].text;
}

/** Modules that few programs need, in place of them an object that loads them when something of them is asked for. */
function loadedWhenNeeded(text: string): string {
  return text.replace(SELDOM, (_, variable: string, required: string) => {
    const used = [...text.matchAll(new RegExp(`(?<![\\w$.])${variable}\\.(\\w+)`, 'g'))].map(([, name]) => name);
    const getters = [...new Set(used)].map((name) => `get ${name}() { return ${required}.${name}; }`);
    return `var ${variable} = { ${getters.join(', ')} };`;
  });
}

/** Modules that stay files of their own: the bundle finds them where the package has them. */
function stayOutside(placeOf: PlaceOf, from: string): Plugin {
  const outside = ({ path, resolveDir }: OnResolveArgs) => {
    const place = placeOf(resolve(resolveDir, path));
    if (place === undefined) return undefined;
    const target = relative(from, place).split(sep).join('/');
    return { path: target.startsWith('.') ? target : `./${target}`, external: true };
  };
  return { name: 'stay outside', setup: (build) => build.onResolve({ filter: /^\./ }, outside) };
}

/** The file of a module that is not bundled; undefined for others. */
function ownPlace(module: string, root: string, folder: string, shared: readonly string[]): string | undefined {
  const path = relative(root, module).split(sep).join('/');
  if (shared.includes(path)) return join(folder, SHARED[path]);
  if (path.startsWith('schema/')) return module;
  if (path.endsWith('.json')) return join(folder, path);
  if (!path.startsWith('imports/') || path.startsWith('imports/schema/cel/')) return undefined;
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
