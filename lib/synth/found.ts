import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of an output directory, as they are. */
export class Found {
  private readonly folders = new Map<string, boolean>();

  constructor(private readonly outdir: string) {}

  /** Text of a file; undefined where there is none. */
  public textOf(path: string): string | undefined {
    const file = join(this.outdir, path);
    if (!this.hasFolder(dirname(file))) return undefined;
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      // most files are there: to ask first takes as long as to read
      if (existsSync(file)) throw error;
      return undefined;
    }
  }

  /** Of a folder that is new every file is. */
  private hasFolder(folder: string): boolean {
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const exists = existsSync(folder);
    this.folders.set(folder, exists);
    return exists;
  }
}
