import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { compareText } from './crd';

/** Makes `dir` hold exactly `files`: writes what differs, removes what is not among them. */
export function writeFiles(dir: string, files: ReadonlyMap<string, string>): void {
  for (const file of filesIn(dir)) if (!files.has(file)) rmSync(join(dir, file));
  for (const [file, text] of files) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    if (contentOf(dir, file) !== text) writeFileSync(join(dir, file), text);
  }
}

/** The first file, by name, that is missing, differs or should not be there; undefined when `dir` is up to date. */
export function firstStale(dir: string, files: ReadonlyMap<string, string>): string | undefined {
  const all = new Set([...files.keys(), ...filesIn(dir)]);
  return [...all].sort(compareText).find((file) => contentOf(dir, file) !== files.get(file));
}

/** The first of `files`, by name, that is missing in `dir` or differs there, whatever else `dir` holds. */
export function firstDifferent(dir: string, files: ReadonlyMap<string, string>): string | undefined {
  return [...files.keys()].sort(compareText).find((file) => contentOf(dir, file) !== files.get(file));
}

function contentOf(dir: string, file: string): string | undefined {
  return existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8') : undefined;
}

function filesIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dir, sep).length).split(sep).join('/'))
    .sort(compareText);
}
