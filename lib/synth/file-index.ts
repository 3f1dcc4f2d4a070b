import { createHash } from 'node:crypto';
import { MeshError } from '../facts/error';

/** File name of the index, below the output directory. Not YAML, so that nothing applies it. */
export const INDEX_FILE = 'fleet.index';

const HEADER = '# Files written by cdk8s-multimesh, and their digests (sha256sum -c fleet.index). Do not edit.\n';

/** SHA-256 in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** The index of files by path: one `<sha256>  <path>` per line, which `sha256sum -c` understands. */
export function formatIndex(digests: ReadonlyMap<string, string>): string {
  const lines = [...digests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, digest]) => `${digest}  ${path}\n`);
  return HEADER + lines.join('');
}

/**
 * The paths in an index.
 *
 * @param where name of the index file, for messages.
 * @throws MESH2007 when a line is none, or a path leads out of the output directory (its file would be removed).
 */
export function parseIndex(text: string, where: string): Map<string, string> {
  const digests = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) {
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
  return digests;
}

/** Whether a relative path with `/` stays below the directory it is relative to. */
export function isInside(path: string): boolean {
  return (
    !/[\\\0\n\r]|^[A-Za-z]:/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
