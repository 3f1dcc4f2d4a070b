import { readdirSync, readFileSync } from 'node:fs';
import type { IConstruct } from 'constructs';
import picomatch from 'picomatch';
import { parseAllDocuments } from 'yaml';
import { MeshError } from '../facts/error';
import type { Finding } from '../facts/finding';
import { apiGroup, describeManifest, type Manifest, type PlacedManifest } from '../facts/manifest';
import { Fleet } from './fleet';
import type { Mesh } from './mesh';

const registry = new WeakMap<Fleet, IncludedManifests>();

/** Hand-written YAML that meshes of a fleet named: judged with what the fleet writes, never written. */
export class IncludedManifests {
  /** The hand-written YAML of the fleet that a construct is in. */
  public static of(scope: IConstruct): IncludedManifests {
    const fleet = Fleet.of(scope);
    const existing = registry.get(fleet);
    if (existing) return existing;
    const created = new IncludedManifests();
    registry.set(fleet, created);
    fleet.addCheck((manifests) => created.writtenTwice(manifests));
    return created;
  }

  /** Objects with the cluster that they are in and the file that holds them, in the order of their files. */
  public readonly manifests: { readonly cluster: string; readonly file: string; readonly manifest: Manifest }[] = [];

  private constructor() {}

  /**
   * Reads the files that a glob matches.
   *
   * @throws MESH1107 when none does, or one is not readable as Kubernetes objects.
   */
  public add(mesh: Mesh, glob: string): void {
    const files = filesMatching(glob);
    if (files.length === 0) {
      throw new MeshError('MESH1107', mesh.node.path, `'${glob}' matches no file; give a path from the current folder`);
    }
    for (const file of files) {
      for (const manifest of readManifests(file)) {
        this.manifests.push({ cluster: mesh.cluster.name, file, manifest });
      }
    }
  }

  private writtenTwice(written: readonly PlacedManifest[]): Finding[] {
    const ours = new Map(written.map((placed) => [identity(placed.cluster, placed.manifest), placed]));
    return this.manifests.flatMap(({ cluster, file, manifest }) => {
      const placed = ours.get(identity(cluster, manifest));
      if (placed === undefined) return [];
      const name = describeManifest(manifest);
      return [
        {
          code: 'MESH3003' as const,
          severity: 'error' as const,
          objects: [describeManifest(manifest, cluster)],
          message: `${file} holds ${name}, which ${placed.path} writes, too`,
          atRuntime: 'the one that is applied last wins',
          fix: 'remove one of them',
        },
      ];
    });
  }
}

function identity(cluster: string, manifest: Manifest): string {
  const { namespace = '', name } = manifest.metadata;
  return [cluster, apiGroup(manifest), manifest.kind, namespace, name].join(' ');
}

/** Files below the fixed part of a glob that match it, sorted. */
function filesMatching(glob: string): string[] {
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

function readManifests(file: string): Manifest[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new MeshError('MESH1107', file, `the file cannot be read (${(error as Error).message}); correct the path`);
  }
  return parseAllDocuments(text, { version: '1.1', merge: true }).flatMap((document) => {
    const problem = document.errors[0];
    if (problem) throw new MeshError('MESH1107', file, `the file is no YAML: ${problem.message}`);
    const value: unknown = document.toJS();
    return value === null ? [] : objectsOf(value, file);
  });
}

/** A Kubernetes object, or the items of a List. */
function objectsOf(value: unknown, file: string): Manifest[] {
  const object = value as { apiVersion?: unknown; kind?: unknown; items?: unknown[]; metadata?: { name?: unknown } };
  if (object.kind === 'List' && Array.isArray(object.items))
    return object.items.flatMap((item) => objectsOf(item, file));
  if (
    typeof object.apiVersion !== 'string' ||
    typeof object.kind !== 'string' ||
    typeof object.metadata?.name !== 'string'
  ) {
    throw new MeshError(
      'MESH1107',
      file,
      'a document is no Kubernetes object; expected apiVersion, kind and metadata.name',
    );
  }
  return [value as Manifest];
}
