import { MeshError } from '../facts/error';
import { isInside } from './file-index';

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
