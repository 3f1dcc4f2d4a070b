import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Crd, compareText, parseCrds } from './crd';
import { type Definitions, parseDefinitions } from './kubernetes/definitions';
import sources from './sources.json';

/** A CRD file, its public origin, and the bytes we generate from. */
export interface Source {
  readonly file: string;
  /** CRDs that one control plane or operator brings. */
  readonly bundle: string;
  /** What the file is, where it holds no CRDs: the OpenAPI document of Kubernetes itself. */
  readonly format?: 'openapi';
  /** Public Go module that holds the file, `path@version`; `--fetch` gets it. */
  readonly module?: string;
  /** Otherwise the project, and the version there. */
  readonly project?: string;
  readonly version?: string;
  /** Path in the module or project. */
  readonly path: string;
  readonly sha256: string;
}

export const SOURCES: readonly Source[] = sources.files as readonly Source[];

/** Checksums of the modules, as in go.sum. */
export const MODULES: Readonly<Record<string, string>> = sources.modules;

/** Where the files are kept, outside of the repository: they belong to their projects. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'cdk8s-multimesh', 'crds');
}

/** Where a file comes from, in words. */
export function originOf({ path, module, project, version }: Source): string {
  return module === undefined ? `${path} of ${project}, ${version}` : `${path} of the Go module ${module}`;
}

/**
 * The CRDs of every bundle.
 *
 * @param dir folder with the files of sources.json.
 * @throws if a file is missing, or its bytes are not those that sources.json names: the same input gives the same imports/.
 */
export function loadBundles(dir: string, list: readonly Source[] = SOURCES): Map<string, Crd[]> {
  const bundles = new Map<string, Crd[]>();
  for (const source of list.filter(isOfCrds).sort((a, b) => compareText(a.file, b.file))) {
    const crds = parseCrds(readSource(dir, source), source.file);
    bundles.set(source.bundle, [...(bundles.get(source.bundle) ?? []), ...crds]);
  }
  return bundles;
}

const isOfCrds = ({ format }: Source): boolean => format === undefined;

/**
 * The definitions of the OpenAPI document of Kubernetes; undefined when its file is missing.
 *
 * @param dir folder with the files of sources.json.
 * @throws if its bytes are not those that sources.json names.
 */
export function loadDefinitions(dir: string, list: readonly Source[] = SOURCES): Definitions | undefined {
  const source = list.find(({ format }) => format === 'openapi');
  if (source === undefined || !existsSync(join(dir, source.file))) return undefined;
  return parseDefinitions(readSource(dir, source), source.file);
}

/** The files that a folder lacks. */
export function missingIn(dir: string, list: readonly Source[] = SOURCES): Source[] {
  return list.filter(({ file }) => !existsSync(join(dir, file)));
}

/**
 * The CRDs of those bundles whose files are all there, see `loadBundles`. Versions of one project share files of schemas,
 * so they are all there or none is.
 */
export function loadPresent(dir: string, list: readonly Source[] = SOURCES): Map<string, Crd[]> {
  const lacking = new Set(missingIn(dir, list).map(({ bundle }) => projectOf(bundle)));
  return loadBundles(
    dir,
    list.filter(({ bundle }) => !lacking.has(projectOf(bundle))),
  );
}

/** The bundle without its version: `istio` of `istio-1.31`. */
const projectOf = (bundle: string) => bundle.replace(/-[\d.]+$/, '');

function readSource(dir: string, source: Source): string {
  const path = join(dir, source.file);
  if (!existsSync(path)) throw new Error(`${path}: the file is missing; it is ${originOf(source)}`);
  const bytes = readFileSync(path);
  checkBytes(path, bytes, source);
  return bytes.toString('utf8');
}

/** @throws when the bytes are not those that sources.json names. */
export function checkBytes(path: string, bytes: Buffer, source: Source): void {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 === source.sha256) return;
  throw new Error(
    `${path}: sha256 is ${sha256}, tools/import/sources.json expects ${source.sha256} (${originOf(source)}); ` +
      'restore the file, or update its version and sha256 in sources.json if the new bytes are meant',
  );
}
