import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Bed } from '../bed/bed';
import type { KubeObject } from '../kubernetes/types';

/**
 * Takes a cluster from one commit to the next as GitOps does: everything is applied, then what is gone is deleted (as
 * with Argo CD's PruneLast).
 *
 * @param from folder that was applied before
 * @param to folder to apply
 */
export async function sync(bed: Bed, cluster: string, from: string, to: string): Promise<void> {
  await bed.apply(cluster, to);
  const kept = new Set(objectsIn(to).map(nameOf));
  const gone = objectsIn(from).filter((object) => !kept.has(nameOf(object)));
  if (gone.length > 0) {
    const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: gone });
    const { code, stderr } = await bed.kubectl(cluster, ['delete', '--ignore-not-found', '-f', '-'], list);
    if (code !== 0) throw new Error(`${cluster}: ${stderr.trim()}`);
  }
  await bed.ready();
}

function objectsIn(folder: string): KubeObject[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(path.join(folder, file), 'utf8')))
    .map((document) => document.toJS() as KubeObject);
}

const nameOf = ({ apiVersion, kind, metadata }: KubeObject) =>
  [apiVersion.replace(/\/.*/, ''), kind, metadata.namespace ?? '', metadata.name].join(' ');
