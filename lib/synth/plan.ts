import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../facts/error';
import { sha256 } from '../facts/sha256';
import { formatIndex, INDEX_FILE } from './file-index';
import { refuseForeignFiles } from './foreign-files';
import { Found } from './found';
import { indexFile, indexIn, readIndexes, splitIndex } from './indexes';

/** A file to write. */
export interface OutputFile {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What the output directory shall hold. */
export interface Output {
  /** They are gone through more than once; texts that are made anew each time need not all be held at a time. */
  readonly files: Iterable<OutputFile>;
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
  /** Files to write: those of `changes.added` and `changes.changed`, and indexes of folders. */
  readonly writes: readonly OutputFile[];
  /** Indexes of folders that go. */
  readonly goneIndexes: readonly string[];
  /** The index that owns the files of both synths while files are moved; undefined where there is none. */
  readonly between?: string;
  /** The index as it shall be; undefined where there shall be none. */
  readonly index?: string;
  /** The indexes as they are; undefined where there is none. */
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
  const owned = readIndexes(outdir);
  refuseOtherProgram(outdir, owned.program, output.program);
  const { program, indexed } = output;
  const digests = new Map<string, string>();
  const states = new Map<string, State>();
  const found = new Found(outdir);
  const compare = ({ path, text }: OutputFile): boolean => {
    const state = stateOf(text, found.textOf(path));
    states.set(path, state);
    return state !== 'equal';
  };
  const writes: OutputFile[] = [];
  for (const file of output.files) {
    digests.set(file.path, sha256(file.text));
    if (compare(file)) writes.push(file);
  }
  const split = splitIndex(digests, output.folders);
  const indexes = indexed ? [...split.inside].map(([folder, index]) => indexFile(folder, index)) : [];
  const movedIndexes = indexes.filter(compare);
  refuseVanishing(outdir, [...owned.digests.keys()], [...states.keys()], output.mayVanish);
  refuseForeignFiles(
    outdir,
    output.folders,
    // A file with the very bytes that belong there is ours: its index was lost.
    (path) => owned.digests.has(path) || states.get(path) === 'equal',
  );

  const pathsThatAre = (state: State) => pathsOf(writes.filter(({ path }) => states.get(path) === state));
  const changes: Changes = {
    added: pathsThatAre('missing'),
    changed: pathsThatAre('other'),
    removed: [...owned.digests.keys()].filter((path) => !states.has(path) && existsSync(join(outdir, path))).sort(),
  };
  const index = indexed ? formatIndex({ ...split.top, program }) : undefined;
  const moved = [...writes.map(({ path }) => path), ...changes.removed];
  const between = () => {
    const ofMoved = moved.map((path) => [path, digests.get(path) ?? owned.digests.get(path) ?? ''] as const);
    return formatIndex({
      digests: new Map([...owned.top.digests, ...split.top.digests, ...ofMoved]),
      folders: [...new Set([...owned.folders, ...split.inside.keys()])],
      program,
    });
  };
  const goneIndexes = owned.folders.map(indexIn).filter((path) => !states.has(path) && existsSync(join(outdir, path)));
  return {
    changes,
    writes: [...writes, ...movedIndexes],
    goneIndexes,
    ...(indexed && { between: between() }),
    index,
    found: owned.text,
    digests,
    isDone: [...moved, ...movedIndexes, ...goneIndexes].length === 0 && index === found.textOf(INDEX_FILE),
  };
}

/** What stands in the place of a file: nothing, its very text, or something else. */
type State = 'missing' | 'equal' | 'other';

function stateOf(text: string, found: string | undefined): State {
  if (found === undefined) return 'missing';
  return found === text ? 'equal' : 'other';
}

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
function refuseVanishing(
  outdir: string,
  owned: readonly string[],
  written: readonly string[],
  mayVanish: readonly string[] = [],
): void {
  const remaining = new Set(written.map(folderOf));
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
