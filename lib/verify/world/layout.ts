import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { MeshError } from '../../facts/error';
import { visible } from '../../facts/visible';
import { filesBelow, filesOfOthers } from './files';

/** Which folder holds which cluster. */
export interface Layout {
  /** In the order in which they are judged, by name. */
  readonly clusters: readonly { readonly name: string; readonly folder: string }[];
  /** `fleet.json`, where there is one. */
  readonly fleet?: string;
  /** Files among the manifests that hold no Kubernetes objects, and are left alone. */
  readonly others: readonly string[];
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
    const all = names.map((name) => ({ name, folder: join(folder, name) }));
    const clusters = all.filter((one) => existsSync(one.folder));
    const others = clusters.flatMap((one) => filesOfOthers(one.folder, apart));
    return { clusters, others, fleet: join(folder, 'fleet.json') };
  }
  const others = filesOfOthers(folder, apart);
  const aside = new Set([...apart, ...others.map((file) => resolve(file))]);
  const manifests = new Set(filesBelow(folder, aside));
  // a link is what it leads to
  const entries = readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => ({ name, folder: join(folder, name) }))
    .map((entry) => ({ ...entry, isFolder: isFolder(entry.folder) }));
  if (entries.some((entry) => !entry.isFolder && manifests.has(entry.folder))) {
    return { clusters: [{ name: basename(resolve(folder)), folder }], others };
  }
  const folders = entries.filter(({ isFolder }) => isFolder).map(({ name, folder }) => ({ name, folder }));
  const clusters = folders.filter((one) => filesBelow(one.folder, aside).length > 0);
  refuseFleets(folder, clusters);
  for (const { name } of clusters) {
    if (name !== visible(name)) {
      const path = visible(join(folder, name));
      throw new MeshError('MESH4002', path, 'the folder of a cluster has control characters in its name; rename it');
    }
  }
  if (clusters.length === 0) {
    const what = others.length > 0 ? 'its files hold no Kubernetes object' : 'it holds no .yaml, .yml or .json file';
    throw new MeshError('MESH4002', folder, `${what}; expected manifests of one cluster, or a folder per cluster`);
  }
  return { clusters, others };
}

/** A link is what it leads to; one that leads nowhere, or in a circle, is told by whoever reads it. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
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
