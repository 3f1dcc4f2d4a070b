import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Crd, compareText, parseCrds } from './crd';
import sources from './sources.json';

/** A CRD file, its public origin, and the bytes we generate from. */
export interface Source {
  readonly file: string;
  /** CRDs that one control plane or operator brings. */
  readonly bundle: string;
  readonly project: string;
  /** Path in the project. */
  readonly path: string;
  readonly version: string;
  readonly sha256: string;
}

export const SOURCES: readonly Source[] = sources;

/**
 * The CRDs of every bundle.
 *
 * @param dir folder with the files of sources.json.
 * @throws if a file is missing, or its bytes are not those that sources.json names: the same input gives the same imports/.
 */
export function loadBundles(dir: string, list: readonly Source[] = SOURCES): Map<string, Crd[]> {
  const bundles = new Map<string, Crd[]>();
  for (const source of [...list].sort((a, b) => compareText(a.file, b.file))) {
    const crds = parseCrds(readSource(dir, source), source.file);
    bundles.set(source.bundle, [...(bundles.get(source.bundle) ?? []), ...crds]);
  }
  return bundles;
}

function readSource(dir: string, source: Source): string {
  const path = join(dir, source.file);
  const origin = `${source.path} of ${source.project} ${source.version}`;
  if (!existsSync(path)) throw new Error(`${path}: the file is missing; it is ${origin}`);
  const bytes = readFileSync(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== source.sha256) {
    throw new Error(
      `${path}: sha256 is ${sha256}, tools/import/sources.json expects ${source.sha256} (${origin}); ` +
        'restore the file, or update its version and sha256 in sources.json if the new bytes are meant',
    );
  }
  return bytes.toString('utf8');
}
