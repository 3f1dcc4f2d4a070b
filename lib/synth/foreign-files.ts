import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../facts/error';

/** `kubectl apply -f <folder>` reads these, `-R` and GitOps tools also in sub-folders. */
export const APPLIED = /\.(ya?ml|json)$/;

/**
 * Refuses files in the folders of clusters that would be applied, though no synth wrote them.
 *
 * @param isOurs whether a file, by its path below `outdir`, was written by this fleet or is about to be.
 * @throws MESH2006 with all of them.
 */
export function refuseForeignFiles(
  outdir: string,
  folders: readonly string[],
  isOurs: (path: string) => boolean,
): void {
  const foreign = folders
    .flatMap((folder) => filesBelow(outdir, folder))
    .filter((path) => APPLIED.test(path) && !isOurs(path));
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
