import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../facts/error';
import { sha256 } from '../facts/sha256';
import { type FileIndex, formatIndex, INDEX_FILE, parseIndex } from './file-index';
import { refuseForeignFiles } from './foreign-files';

/** A file to write. */
export interface OutputFile {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What the output directory shall hold. */
export interface Output {
  readonly files: readonly OutputFile[];
  /** Folders that hold generated files only: one per cluster. */
  readonly folders: readonly string[];
  /** Whether to keep an index; without one, files of earlier synths stay, as with cdk8s. */
  readonly indexed: boolean;
  /** Name of the program that owns the directory; it stands in the index. */
  readonly program?: string;
  /** Folders that may vanish: of clusters that are gone. */
  readonly mayVanish?: readonly string[];
}

/** What a synth does to the files of the output directory: paths, sorted. The index is left out. */
export interface Changes {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** The steps from what the output directory holds to what it shall hold. */
export interface Plan {
  readonly changes: Changes;
  /** Files to write: those of `changes.added` and `changes.changed`. */
  readonly writes: readonly OutputFile[];
  /** The index that owns the files of both synths while files are moved; undefined where there is none. */
  readonly between?: string;
  /** The index as it shall be; undefined where there shall be none. */
  readonly index?: string;
  /** The index as it is; undefined where there is none. */
  readonly found?: string;
  /** SHA-256 of each file as it shall be, by path. */
  readonly digests: ReadonlyMap<string, string>;
  /** Whether there is nothing to do. */
  readonly isDone: boolean;
}

/**
 * Compares what an output directory holds with what it shall hold. Reads only.
 *
 * @throws MESH2006 for a file that a cluster's folder must not hold, MESH2007 for an unreadable index, MESH2013 for the
 * folder of a cluster that would vanish, MESH2014 when another program owns the directory, MESH2019 when a cluster that
 * may vanish is written.
 */
export function planOutput(outdir: string, output: Output): Plan {
  const indexPath = join(outdir, INDEX_FILE);
  const indexText = readIndex(outdir);
  const owned: FileIndex = indexText === undefined ? { digests: new Map() } : parseIndex(indexText, indexPath);
  refuseOtherProgram(outdir, owned.program, output.program);
  const texts = new Map(output.files.map(({ path, text }) => [path, text]));
  refuseVanishing(outdir, [...owned.digests.keys()], output);
  const present = new Map(output.files.map(({ path }) => [path, readIfExists(join(outdir, path))]));
  refuseForeignFiles(
    outdir,
    output.folders,
    // A file with the very bytes that belong there is ours: its index was lost.
    (path) => owned.digests.has(path) || (present.get(path) !== undefined && present.get(path) === texts.get(path)),
  );

  const writes = output.files.filter(({ path, text }) => present.get(path) !== text);
  const isNew = ({ path }: OutputFile) => present.get(path) === undefined;
  const changes: Changes = {
    added: pathsOf(writes.filter(isNew)),
    changed: pathsOf(writes.filter((file) => !isNew(file))),
    removed: [...owned.digests.keys()].filter((path) => !texts.has(path) && existsSync(join(outdir, path))).sort(),
  };
  const digests = new Map(output.files.map(({ path, text }) => [path, sha256(text)]));
  const { program } = output;
  const index = output.indexed ? formatIndex({ digests, program }) : undefined;
  return {
    changes,
    writes,
    ...(output.indexed && { between: formatIndex({ digests: new Map([...owned.digests, ...digests]), program }) }),
    index,
    found: indexText,
    digests,
    isDone: writes.length === 0 && changes.removed.length === 0 && index === indexText,
  };
}

/** The index of an output directory, if it has one. */
export const readIndex = (outdir: string): string | undefined => readIfExists(join(outdir, INDEX_FILE));

function refuseOtherProgram(outdir: string, owner: string | undefined, program: string | undefined): void {
  if (owner !== undefined && program !== undefined && owner !== program) {
    throw new MeshError(
      'MESH2014',
      outdir,
      `the directory belongs to program '${owner}', and this one is '${program}'; give each program an outdir of its own, or write the new name into ${join(outdir, INDEX_FILE)} if the program was renamed`,
    );
  }
}

/** Of a folder that holds manifests some must remain: GitOps deletes from the cluster what is gone. */
function refuseVanishing(outdir: string, owned: readonly string[], { files, mayVanish = [] }: Output): void {
  const remaining = new Set(files.map(({ path }) => folderOf(path)));
  for (const folder of mayVanish.filter((name) => remaining.has(name))) {
    throw new MeshError(
      'MESH2019',
      outdir,
      `removedClusters names '${folder}', but the fleet still writes it; remove the name, so that the folder is protected`,
    );
  }
  const manifests = owned.filter((path) => /\.ya?ml$/.test(path) && folderOf(path) !== undefined);
  const vanishing = [...new Set(manifests.map(folderOf))].filter(
    (folder): folder is string => folder !== undefined && !remaining.has(folder) && !mayVanish.includes(folder),
  );
  if (vanishing.length === 0) return;
  const [first] = vanishing;
  const names = vanishing.map((folder) => `'${folder}'`);
  throw new MeshError(
    'MESH2013',
    outdir,
    `nothing would be left of the ${names.length === 1 ? `folder ${names[0]}` : `folders ${names.join(', ')}`}, and GitOps would delete it from the cluster; look for an empty list, or for another program with this outdir. If the cluster is gone, say \`new Fleet({ removedClusters: ['${first}'] })\``,
  );
}

/** The folder that a path leads through first; undefined for a file beside the folders. */
function folderOf(path: string): string | undefined {
  const slash = path.indexOf('/');
  return slash < 0 ? undefined : path.slice(0, slash);
}

function pathsOf(files: readonly OutputFile[]): string[] {
  return files.map(({ path }) => path).sort();
}

function readIfExists(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
