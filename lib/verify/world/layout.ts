import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { MeshError } from '../../facts/error';
import { visible } from '../../facts/visible';
import { filesBelow } from './load';

/** Which folder holds which cluster. */
export interface Layout {
  /** In the order in which they are judged, by name. */
  readonly clusters: readonly { readonly name: string; readonly folder: string }[];
  /** `fleet.json`, where there is one. */
  readonly fleet?: string;
}

/**
 * How a folder of manifests is laid out. With a `fleet.json`, as this library writes it: a folder per cluster. Without
 * one, a folder that holds manifests itself is one cluster, called like the folder; else each folder in it that holds
 * some is a cluster.
 *
 * @param names of the clusters, where `fleet.json` says them.
 * @param apart files that hold something else, such as facts: full paths.
 * @throws MESH4002 for what is no folder, holds no manifests or has a name that cannot be shown, MESH4003 for a folder of several fleets.
 */
export function layoutOf(folder: string, names?: readonly string[], apart: ReadonlySet<string> = new Set()): Layout {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    const what = existsSync(folder) ? 'it is a file' : 'there is nothing of that name';
    throw new MeshError('MESH4002', folder, `${what}; expected a folder with manifests`);
  }
  if (names) {
    const clusters = names.map((name) => ({ name, folder: join(folder, name) }));
    return { clusters: clusters.filter((one) => existsSync(one.folder)), fleet: join(folder, 'fleet.json') };
  }
  // a link is what it leads to
  const entries = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => ({ name, folder: join(folder, name) }))
    .map((entry) => ({ ...entry, isFolder: isFolder(entry.folder) }));
  if (entries.some((entry) => !entry.isFolder && !apart.has(resolve(entry.folder)) && isManifest(entry.folder))) {
    return { clusters: [{ name: basename(resolve(folder)), folder }] };
  }
  const folders = entries.filter(({ isFolder }) => isFolder).map(({ name, folder }) => ({ name, folder }));
  const clusters = folders.filter((one) => filesBelow(one.folder, apart).length > 0);
  refuseFleets(folder, clusters);
  for (const { name } of clusters) {
    if (name !== visible(name)) {
      const path = visible(join(folder, name));
      throw new MeshError('MESH4002', path, 'the folder of a cluster has control characters in its name; rename it');
    }
  }
  if (clusters.length === 0) {
    throw new MeshError(
      'MESH4002',
      folder,
      'it holds no .yaml, .yml or .json file; expected manifests of one cluster, or a folder per cluster',
    );
  }
  return { clusters };
}

/** A link is what it leads to; one that leads nowhere, or in a circle, is told by whoever reads it. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** JSON that is no manifest, such as the calls of a test, may lie beside the clusters. */
function isManifest(file: string): boolean {
  if (/\.ya?ml$/.test(file)) return filesBelow(join(file, '..')).includes(file);
  // a link that leads nowhere is told by whoever reads it
  return file.endsWith('.json') && (!existsSync(file) || /"apiVersion"\s*:/.test(readFileSync(file, 'utf8')));
}

function refuseFleets(folder: string, clusters: Layout['clusters']): void {
  const fleets = clusters
    .flatMap((one) => filesBelow(one.folder))
    .filter((file) => basename(file) === 'fleet.json')
    .map((file) => join(file, '..'));
  if (fleets.length === 0) return;
  const more = fleets.length > 5 ? ` and ${fleets.length - 5} more` : '';
  throw new MeshError(
    'MESH4003',
    folder,
    `it holds several fleets, which have nothing to do with each other; name one: ${fleets.slice(0, 5).join(', ')}${more}`,
  );
}
