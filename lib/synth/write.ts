import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { MeshError } from '../facts/error';
import { formatIndex, INDEX_FILE, parseIndex, sha256 } from './file-index';

/** A file to write. */
export interface OutputFile {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** What a synth writes. */
export interface Output {
  readonly files: readonly OutputFile[];
  /** Folders that hold generated files only: one per cluster. */
  readonly folders: readonly string[];
  /** Whether to keep an index; without one, files of earlier synths stay, as with cdk8s. */
  readonly indexed: boolean;
}

const STAGING = '.fleet-';

/**
 * Brings the output directory to exactly this state: files are written, those of the earlier synth that are gone are
 * removed. Files that are equal are not touched.
 *
 * All texts exist before this is called. They are first written into a staging directory inside `outdir`; then each is
 * moved to its place with one `rename`, so that no reader sees half a file. When a step fails, the steps before it are
 * undone, and the directory is as it was. What cannot be undone is a killed process (or a power cut) between two
 * renames: whole files of both synths may then stand side by side, all of them owned by the index, and the next synth
 * completes the work. Two synths into one directory at the same time are not supported.
 *
 * @throws MESH2006 for a file that a cluster's folder must not hold, MESH2007 for an unreadable index; errors of the
 * file system as they are. The directory is untouched then.
 */
export function writeOutput(outdir: string, output: Output): void {
  const indexPath = join(outdir, INDEX_FILE);
  const indexText = readIfExists(indexPath);
  const owned = indexText === undefined ? new Map<string, string>() : parseIndex(indexText, indexPath);
  const texts = new Map(output.files.map(({ path, text }) => [path, text]));
  refuseForeignFiles(outdir, output.folders, owned, texts);

  const changed = output.files.filter(({ path, text }) => readIfExists(join(outdir, path)) !== text);
  const removed = [...owned.keys()].filter((path) => !texts.has(path) && existsSync(join(outdir, path)));
  const digests = new Map(output.indexed ? output.files.map(({ path, text }) => [path, sha256(text)]) : []);
  const newIndex = output.indexed ? formatIndex(digests) : undefined;
  mkdirSync(outdir, { recursive: true });
  if (changed.length === 0 && removed.length === 0 && newIndex === indexText) {
    return;
  }
  removeLeftovers(outdir);
  const staging = mkdtempSync(join(outdir, STAGING));
  try {
    const staged = changed.map(({ path, text }, index) => {
      const file = join(staging, `${index}.new`);
      writeFileSync(file, text);
      return { path, file };
    });
    const swap = new Swap(outdir, staging);
    try {
      if (output.indexed) {
        // From here on the index owns the files of both synths, so that an interrupted one leaves no foreign file.
        swap.write(INDEX_FILE, formatIndex(new Map([...owned, ...digests])));
      }
      for (const { path, file } of staged) {
        swap.move(file, path);
      }
      for (const path of removed) {
        swap.remove(path);
      }
      if (newIndex !== undefined) {
        swap.write(INDEX_FILE, newIndex);
      } else if (indexText !== undefined) {
        swap.remove(INDEX_FILE);
      }
    } catch (error) {
      swap.undo(error);
      throw error;
    }
    for (const path of removed) {
      removeEmptyFolders(outdir, dirname(path));
    }
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Changes of an output directory that can be undone. */
class Swap {
  private readonly undoing: (() => void)[] = [];
  private saved = 0;

  constructor(
    private readonly outdir: string,
    private readonly staging: string,
  ) {}

  public write(path: string, text: string): void {
    const file = join(this.staging, `${this.saved++}.text`);
    writeFileSync(file, text);
    this.move(file, path);
  }

  public move(file: string, path: string): void {
    const target = join(this.outdir, path);
    const created = mkdirSync(dirname(target), { recursive: true });
    if (created !== undefined) {
      this.undoing.push(() => rmSync(created, { recursive: true }));
    }
    if (existsSync(target)) {
      const copy = this.nextCopy();
      copyFileSync(target, copy);
      renameSync(file, target);
      this.undoing.push(() => renameSync(copy, target));
    } else {
      renameSync(file, target);
      this.undoing.push(() => rmSync(target));
    }
  }

  public remove(path: string): void {
    const target = join(this.outdir, path);
    const copy = this.nextCopy();
    renameSync(target, copy);
    this.undoing.push(() => renameSync(copy, target));
  }

  /** @throws when a step cannot be undone: the file system then refuses what it has just allowed. */
  public undo(reason: unknown): void {
    const failures: unknown[] = [];
    for (const step of this.undoing.reverse()) {
      try {
        step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw new Error(
        `writing into ${this.outdir} failed (${reason}), and what was done could not be undone (${failures[0]}); restore the directory from git`,
      );
    }
  }

  private nextCopy(): string {
    return join(this.staging, `${this.saved++}.old`);
  }
}

/** `kubectl apply -f <folder>` reads these, `-R` and GitOps tools also in sub-folders. */
export const APPLIED = /\.(ya?ml|json)$/;

function refuseForeignFiles(
  outdir: string,
  folders: readonly string[],
  owned: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): void {
  const foreign = folders
    .flatMap((folder) => filesBelow(outdir, folder))
    .filter((path) => APPLIED.test(path) && !owned.has(path))
    // A file with the very bytes that belong there is ours: its index was lost.
    .filter((path) => texts.get(path) !== readIfExists(join(outdir, path)));
  if (foreign.length > 0) {
    const files = foreign.map((path) => `'${join(outdir, path)}'`).join(', ');
    throw new MeshError(
      'MESH2006',
      outdir,
      `${files} ${foreign.length === 1 ? 'was' : 'were'} not written by this fleet, and \`kubectl apply -f\` would apply it; move hand-written YAML out of the output directory (mesh.include() judges it there), or delete the file if an earlier program generated it`,
    );
  }
}

function filesBelow(outdir: string, folder: string): string[] {
  const directory = join(outdir, folder);
  if (!existsSync(directory)) {
    return [];
  }
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesBelow(outdir, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`],
    )
    .sort();
}

function removeLeftovers(outdir: string): void {
  for (const name of readdirSync(outdir).filter((entry) => entry.startsWith(STAGING))) {
    rmSync(join(outdir, name), { recursive: true, force: true });
  }
}

function removeEmptyFolders(outdir: string, folder: string): void {
  const directory = join(outdir, folder);
  if (folder === '.' || (existsSync(directory) && readdirSync(directory).length > 0)) {
    return;
  }
  rmSync(directory, { recursive: true, force: true });
  removeEmptyFolders(outdir, dirname(folder));
}

function readIfExists(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
