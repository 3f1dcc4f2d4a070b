import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../../facts/error';
import { readManifests } from '../../facts/read-manifests';
import { describe, type Resource, resource } from './resource';

/** Instructions of kustomize, not objects: they lie beside manifests in many repositories. */
const KUSTOMIZATION = /(^|[\\/])kustomization\.ya?ml$/i;

/**
 * Reads the manifests of a cluster: all `.yaml`, `.yml` and `.json` files of a folder and those below, except hidden ones
 * and kustomizations, which nothing here applies.
 *
 * @throws MESH1107 with file and line for what cannot be read, and for an object that is there twice: the one that is
 * applied last would win.
 */
export function loadCluster(cluster: string, folder: string): Resource[] {
  const seen = new Map<string, Resource>();
  for (const file of filesBelow(folder)) {
    for (const { manifest, line } of readManifests(textOf(file), file)) {
      const one = resource(cluster, manifest, { file, line });
      const key = `${groupOf(one)} ${describe(one)}`;
      const first = seen.get(key);
      if (first) {
        throw new MeshError(
          'MESH1107',
          `${file}:${line}`,
          `${describe(one)} is in ${first.source?.file}:${first.source?.line}, too; the one that is applied last would win: remove one`,
        );
      }
      seen.set(key, one);
    }
  }
  return [...seen.values()];
}

function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    // a folder may be called like a file; what is in it is read by itself
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return '';
    throw new MeshError('MESH1107', file, `the file cannot be read (${(error as Error).message}); correct the path`);
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new MeshError('MESH1107', file, 'the file is UTF-16, as PowerShell writes it; expected UTF-8: save it so');
  }
  return bytes.toString('utf8');
}

const groupOf = ({ apiVersion }: Resource): string => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');

/**
 * Files of a folder and those below that may hold manifests, by name.
 *
 * @throws MESH1107 when the folder cannot be read.
 */
export function filesBelow(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true }).map(String);
  } catch (error) {
    throw new MeshError('MESH1107', folder, `the folder cannot be read (${(error as Error).message})`);
  }
  return names
    .filter((name) => /\.(ya?ml|json)$/.test(name) && !/(^|[\\/])\./.test(name) && !KUSTOMIZATION.test(name))
    .sort()
    .map((name) => join(folder, name));
}
