import { MeshError } from '../../facts/error';
import { readManifests } from '../../facts/read-manifests';
import { filesBelow, kustomizationsBelow, textOf } from './files';
import { describe, type Resource, resource } from './resource';

/**
 * Reads the manifests of a cluster: all `.yaml`, `.yml` and `.json` files of a folder and those below, except hidden ones
 * and kustomizations, which nothing here applies.
 *
 * @param apart files that hold something else, such as facts: full paths.
 * @throws MESH1107 and MESH1173 with file and line for what cannot be read, and for an object that is there twice: the
 * one that is applied last would win.
 */
export function loadCluster(cluster: string, folder: string, apart: ReadonlySet<string> = new Set()): Resource[] {
  const seen = new Map<string, Resource>();
  for (const file of filesBelow(folder, apart)) {
    for (const { manifest, line } of readManifests(textOf(file), file)) {
      const one = resource(cluster, manifest, { file, line });
      const key = `${groupOf(one)} ${describe(one)}`;
      const first = seen.get(key);
      if (first) throw twice(one, first, folder);
      seen.set(key, one);
    }
  }
  return [...seen.values()];
}

function twice(one: Resource, first: Resource, folder: string): MeshError {
  const place = ({ source }: Resource) => `${source?.file}:${source?.line}`;
  const isPatched = kustomizationsBelow(folder).length > 0;
  const fix = isPatched
    ? 'if kustomize changes one by the other, judge what kubectl kustomize writes; else remove one'
    : 'remove one';
  const message = `${describe(one)} is in ${place(first)}, too; the one that is applied last would win: ${fix}`;
  return new MeshError('MESH1107', place(one), message);
}

const groupOf = ({ apiVersion }: Resource): string => (apiVersion.includes('/') ? apiVersion.split('/')[0] : '');
