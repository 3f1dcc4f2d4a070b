import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Changes of an output directory that can be undone. */
export class Swap {
  private readonly undoing: (() => void)[] = [];
  /** Folders that are known to exist, and whether they are new. */
  private readonly folders = new Map<string, boolean>();
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
    const isNew = this.makeFolder(dirname(target));
    if (!isNew && existsSync(target)) {
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

  /** @returns whether it is made here. */
  private makeFolder(folder: string): boolean {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const created = mkdirSync(folder, { recursive: true });
    this.folders.set(folder, created !== undefined);
    if (created !== undefined) {
      this.undoing.push(() => rmSync(created, { recursive: true }));
    }
    return created !== undefined;
  }

  private nextCopy(): string {
    return join(this.staging, `${this.saved++}.old`);
  }
}
