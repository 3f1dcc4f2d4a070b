import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MeshError } from '../../facts/error';
import { readManifests } from '../../facts/read-manifests';
import { describe, type Resource, resource } from './resource';

/** Instructions of kustomize, not objects: they lie beside manifests in many repositories. */
const KUSTOMIZATION = /(^|[\\/])kustomization\.ya?ml$/i;

/**
 * Reads the manifests of a cluster: all `.yaml`, `.yml` and `.json` files of a folder and those below, except hidden ones
 * and kustomizations, which nothing here applies.
 *
 * @param apart files that hold something else, such as facts: full paths.
 * @throws MESH1107 with file and line for what cannot be read, and for an object that is there twice: the one that is
 * applied last would win.
 */
export function loadCluster(cluster: string, folder: string, apart: ReadonlySet<string> = new Set()): Resource[] {
  const seen = new Map<string, Resource>();
  for (const file of filesBelow(folder, apart)) {
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
    throw new MeshError('MESH1107', file, `the file cannot be read (${(error as Error).message}); correct the path`);
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new MeshError('MESH1107', file, 'the file is UTF-16, as PowerShell writes it; expected UTF-8: save it so');
  }
  // kubectl refuses it, too: what is no character would become another name
  if (!isUtf8(bytes)) {
    throw new MeshError('MESH1107', file, 'the file is no UTF-8; save it so, without bytes of another encoding');
  }
  return bytes.toString('utf8');
}

const groupOf = ({ apiVersion }: Resource): string => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');

/**
 * Files of a folder and those below that may hold manifests, by name, without those `apart`.
 *
 * @throws MESH1107 when the folder cannot be read.
 */
export function filesBelow(folder: string, apart: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  walk(folder, '', new Set(), found);
  return found
    .sort()
    .map((name) => join(folder, name))
    .filter((file) => !apart.has(resolve(file)));
}

/** Names of files below a folder of a root; a link is what it leads to, and one that leads back to a folder around it is left out. */
function walk(root: string, folder: string, around: Set<string>, found: string[]): void {
  const path = join(root, folder);
  let entries: Dirent[];
  let real: string;
  try {
    real = realpathSync(path);
    if (around.has(real)) return;
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw new MeshError('MESH1107', path, `the folder cannot be read (${(error as Error).message})`);
  }
  around.add(real);
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = join(folder, entry.name);
    if (entry.isSymbolicLink() ? leadsToFolder(join(root, name)) : entry.isDirectory()) walk(root, name, around, found);
    else if (/\.(ya?ml|json)$/.test(entry.name) && !KUSTOMIZATION.test(name)) found.push(name);
  }
  around.delete(real);
}

/** One that leads nowhere, or in a circle, is told by whoever reads it. */
function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    return false;
  }
}
