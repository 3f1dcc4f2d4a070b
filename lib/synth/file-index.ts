import { MeshError } from '../facts/error';

/**
 * File name of indexes: one in the output directory, and one in the folder of each cluster, so that what changes in one
 * cluster changes no index of others. Not YAML, so that nothing applies them.
 */
export const INDEX_FILE = 'fleet.index';

const HEADER = '# Files written by cdk8s-multimesh, and their digests (sha256sum -c fleet.index). Do not edit.\n';
const PROGRAM = '# Program: ';
const FOLDER = '# Folder with an index of its own: ';

/** What an index says. */
export interface FileIndex {
  /** SHA-256 of each file, by path. */
  readonly digests: ReadonlyMap<string, string>;
  /** Name of the program that wrote them. */
  readonly program?: string;
  /** Folders that have an index of their own. */
  readonly folders?: readonly string[];
}

/** The index as text: one `<sha256>  <path>` per line, which `sha256sum -c` understands. */
export function formatIndex({ digests, program, folders = [] }: FileIndex): string {
  const named = [...folders].sort().map((folder) => `${FOLDER}${folder}\n`);
  const lines = [...digests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, digest]) => `${digest}  ${path}\n`);
  return HEADER + (program === undefined ? '' : `${PROGRAM}${program}\n`) + named.join('') + lines.join('');
}

/**
 * Reads an index.
 *
 * @param where name of the index file, for messages.
 * @throws MESH2007 when a line is none, or a path leads out of the output directory (its file would be removed).
 */
export function parseIndex(text: string, where: string): FileIndex {
  const digests = new Map<string, string>();
  const folders: string[] = [];
  let program: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) {
      if (line.startsWith(PROGRAM)) program = line.slice(PROGRAM.length);
      const folder = line.startsWith(FOLDER) ? line.slice(FOLDER.length) : undefined;
      if (folder !== undefined && isInside(folder) && !folder.includes('/')) folders.push(folder);
      continue;
    }
    const [, digest, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (path === undefined || !isInside(path)) {
      throw new MeshError(
        'MESH2007',
        `${where}:${index + 1}`,
        `'${line}' is no entry of the index, expected '<sha256>  <path below the output directory>'; restore the file from git, or delete the output directory, and synthesize again`,
      );
    }
    digests.set(path, digest);
  }
  return { digests, folders, ...(program !== undefined && { program }) };
}

/** Whether a relative path with `/` stays below the directory it is relative to. */
export function isInside(path: string): boolean {
  return (
    !/[\\\0\n\r]|^[A-Za-z]:/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
