import { MeshError } from '../facts/error';
import { INDEX_FILE, isInside } from './file-index';
import { APPLIED } from './foreign-files';
import { indexIn } from './indexes';
import type { OutputFile } from './plan';

/**
 * A file name that means the same on every machine: lower case, as some file systems do not tell cases apart.
 *
 * @throws MESH2004 when it is none.
 */
export function checkFileName(name: string, where: string): string {
  if (name.length > 200 || !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) {
    throw new MeshError(
      'MESH2004',
      where,
      `file name '${name}' is malformed; expected at most 200 lower case letters, digits, '-' and '.', beginning and ending with a letter or digit`,
    );
  }
  return name;
}

/**
 * A path below the output directory.
 *
 * @throws MESH2004 when it is none.
 */
export function checkOutputPath(path: string): string {
  if (!isInside(path)) {
    throw new MeshError(
      'MESH2004',
      path,
      `output path '${path}' is malformed; expected a path below the output directory such as 'contracts/premium.json', with '/' and without '..'`,
    );
  }
  return path;
}

/**
 * Outputs that are no manifests must not take the place of one, nor be applied as one.
 *
 * @throws MESH2003 for an output with the path of another file, or in a cluster's folder with an extension of manifests.
 */
export function refuseOutputsInTheWay(
  outputs: readonly Pick<OutputFile, 'path'>[],
  manifests: readonly Pick<OutputFile, 'path'>[],
  folders: readonly string[],
): void {
  const ofClusters = new Set(folders);
  const taken = new Set([INDEX_FILE, ...folders.map(indexIn), ...manifests.map(({ path }) => path)]);
  for (const { path } of outputs) {
    if (taken.has(path)) {
      throw new MeshError('MESH2003', path, 'the output has the path of another file; give it another one');
    }
    taken.add(path);
    const [folder, ...rest] = path.split('/');
    if (rest.length > 0 && ofClusters.has(folder) && APPLIED.test(path)) {
      throw new MeshError(
        'MESH2003',
        path,
        `the output is in the folder of the cluster '${folder}', where it would be applied; give the output another folder, or the cluster another name`,
      );
    }
  }
}
