import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { groupBy } from '../facts/group-by';
import { type FileIndex, formatIndex, INDEX_FILE, parseIndex } from './file-index';

/** The indexes of an output directory, as they are. */
export interface Indexes {
  /** SHA-256 of each file that they own, by path. */
  readonly digests: ReadonlyMap<string, string>;
  /** Name of the program that wrote them. */
  readonly program?: string;
  /** Folders that have one. */
  readonly folders: readonly string[];
  /** All of them as text; undefined where there is none. */
  readonly text?: string;
  /** What the one of the directory itself says. */
  readonly top: FileIndex;
}

/** Path of the index of a folder. */
export const indexIn = (folder: string): string => `${folder}/${INDEX_FILE}`;

/**
 * Reads the indexes of an output directory.
 *
 * @throws MESH2007 when one is unreadable.
 */
export function readIndexes(outdir: string): Indexes {
  const text = readIfExists(outdir, INDEX_FILE);
  const top: FileIndex = text === undefined ? { digests: new Map() } : parseIndex(text, join(outdir, INDEX_FILE));
  const digests = new Map(top.digests);
  const texts = [text ?? ''];
  const folders = top.folders ?? [];
  for (const folder of folders) {
    const inside = readIfExists(outdir, indexIn(folder));
    if (inside === undefined) continue;
    texts.push(inside);
    const index = parseIndex(inside, join(outdir, indexIn(folder)));
    for (const [path, digest] of index.digests) digests.set(`${folder}/${path}`, digest);
  }
  const { program } = top;
  return {
    digests,
    folders,
    top,
    ...(program !== undefined && { program }),
    ...(text !== undefined && { text: texts.join('') }),
  };
}

/** An index for the directory, and one for each of the folders that hold files. */
export function splitIndex(
  digests: ReadonlyMap<string, string>,
  folders: readonly string[],
): { readonly top: FileIndex; readonly inside: ReadonlyMap<string, FileIndex> } {
  const own = new Set(folders);
  const folderOf = (path: string) => {
    const [folder, ...rest] = path.split('/');
    return rest.length > 0 && own.has(folder) ? folder : undefined;
  };
  const byFolder = groupBy(digests, ([path]) => folderOf(path));
  const inside = new Map(
    [...byFolder].flatMap(([folder, files]) =>
      folder === undefined
        ? []
        : [[folder, { digests: new Map(files.map(([path, digest]) => [path.slice(folder.length + 1), digest])) }]],
    ),
  );
  return { top: { digests: new Map(byFolder.get(undefined)), folders: [...inside.keys()] }, inside };
}

/** The index of a folder as a file. */
export const indexFile = (folder: string, index: FileIndex) => ({ path: indexIn(folder), text: formatIndex(index) });

function readIfExists(outdir: string, path: string): string | undefined {
  const file = join(outdir, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
