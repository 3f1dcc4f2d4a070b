import { readdirSync, readFileSync } from 'node:fs';
import { MeshError } from '../facts/error';
import { readManifests } from '../facts/read-manifests';
import type { IncludedManifest } from '../verify/input';

/** Hand-written YAML that meshes of a fleet named: judged with what the fleet writes, never written. */
export class IncludedManifests {
  /** In the order in which they were named, and of their files. */
  public readonly manifests: IncludedManifest[] = [];

  /**
   * Reads the files that a glob matches.
   *
   * @param cluster name of the cluster that the objects are in.
   * @param where construct path of the mesh, for messages.
   * @throws MESH1107 when none does, or one is not readable as Kubernetes objects.
   */
  public add(glob: string, { cluster, where }: { readonly cluster: string; readonly where: string }): void {
    const files = filesMatching(glob);
    if (files.length === 0) {
      throw new MeshError('MESH1107', where, `'${glob}' matches no file; give a path from the current folder`);
    }
    for (const file of files) {
      for (const { manifest } of readManifests(read(file), file)) this.manifests.push({ cluster, file, manifest });
    }
  }
}

/** Files below the fixed part of a glob that match it, sorted. */
function filesMatching(glob: string): string[] {
  // most programs include nothing
  const picomatch = require('picomatch') as typeof import('picomatch');
  const { base, isGlob } = picomatch.scan(glob);
  if (!isGlob) return [glob];
  const matches = picomatch(glob);
  const folder = base === '' ? '.' : base;
  try {
    return readdirSync(folder, { recursive: true })
      .map((name) => (folder === '.' ? String(name) : `${folder}/${String(name)}`))
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => matches(path))
      .sort();
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new MeshError('MESH1107', file, `the file cannot be read (${(error as Error).message}); correct the path`);
  }
}
