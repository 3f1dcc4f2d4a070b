import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBytes, MODULES, missingIn, originOf, SOURCES, type Source } from './input';

/** A downloaded Go module. */
export interface Module {
  /** Folder with its files. */
  readonly dir: string;
  /** Checksum, as in go.sum. */
  readonly sum: string;
}

/**
 * Writes the files that public Go modules hold, and says where those come from that are still missing.
 *
 * @param dir folder that the files are written to.
 * @param download gets a module, `path@version`.
 * @throws if a module or file has other bytes than sources.json names; then nothing of that module is written.
 */
export function fetchSources(
  dir: string,
  print: (line: string) => void,
  download: (module: string) => Module = goModDownload,
  list: readonly Source[] = SOURCES,
  sums: Readonly<Record<string, string>> = MODULES,
): void {
  mkdirSync(dir, { recursive: true });
  for (const module of new Set(list.flatMap((source) => source.module ?? []))) {
    const files = list.filter((source) => source.module === module);
    const found = download(module);
    if (found.sum !== sums[module]) {
      throw new Error(`${module}: checksum is ${found.sum}, tools/import/sources.json expects ${sums[module]}`);
    }
    const read = files.map((source) => ({ source, bytes: bytesOf(found, source) }));
    for (const { source, bytes } of read) writeFileSync(join(dir, source.file), bytes);
    print(`${module}: ${files.map(({ file }) => file).join(', ')}`);
  }
  for (const source of missingIn(dir, list)) print(`missing: ${join(dir, source.file)} is ${originOf(source)}`);
}

function bytesOf({ dir }: Module, source: Source): Buffer {
  const path = join(dir, source.path);
  const bytes = readFileSync(path);
  checkBytes(path, bytes, source);
  return bytes;
}

/** `go mod download`, which checks modules against the public checksum database. */
function goModDownload(module: string): Module {
  // outside of any module, so that no go.mod has a say
  const options = { cwd: tmpdir(), encoding: 'utf8', env: { ...process.env, GOFLAGS: '' } } as const;
  const { error, stdout } = spawnSync('go', ['mod', 'download', '-json', module], options);
  if (error !== undefined) throw new Error(`${module}: go is not there to download it: ${error.message}`);
  const answer = JSON.parse(stdout) as { Dir?: string; Sum?: string; Error?: string };
  if (answer.Dir === undefined || answer.Sum === undefined) throw new Error(`${module}: ${answer.Error}`);
  return { dir: answer.Dir, sum: answer.Sum };
}
