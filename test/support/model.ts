import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cluster, ControlPlane, Fleet, Gateway, type GatewayProps, Istio, Mesh, type MeshProps, Port } from '../../lib';
import type { Manifest } from '../../lib/facts/manifest';
import { ClusterManifests, Manifests } from '../../lib/testing/manifests';
import { Testing } from '../../lib/testing/testing';

/** A folder that is removed when the tests of the file have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'multimesh-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Files below a folder by path, with their text. */
export function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(files.map((file) => [file.slice(folder.length + 1), readFileSync(file, 'utf8')]));
}

/** What a program writes, by path. */
export function synth(build: (fleet: Fleet) => void, outdir = temporaryFolder()): Record<string, string> {
  synthErrors(build, outdir);
  return filesOf(outdir);
}

/** What a program prints to the error output, without the summary of what changed: its findings and Secrets. */
export function synthErrors(build: (fleet: Fleet) => void, outdir = temporaryFolder()): string {
  const printed: string[] = [];
  const fleet = Testing.fleet({ outdir, print: (text) => printed.push(text) });
  build(fleet);
  fleet.synth();
  const told = printed.filter((text) => !text.startsWith(`${outdir}: `));
  return told.join('').replace(/^ {2}explained in .*\n/gm, '');
}

/** An object without the labels that everything has that is written for a mesh. */
function withoutOwner(manifest: Manifest): Manifest {
  const { labels = {}, ...metadata } = manifest.metadata;
  const { 'app.kubernetes.io/managed-by': _managedBy, 'app.kubernetes.io/part-of': _partOf, ...own } = labels;
  return { ...manifest, metadata: { ...metadata, ...(Object.keys(own).length > 0 && { labels: own }) } };
}

/** What a program writes, to be asked; nothing reaches the disk. */
export function manifestsOf(build: (fleet: Fleet) => void): Manifests {
  const fleet = new Fleet({ print: () => {} });
  build(fleet);
  return Manifests.of(fleet);
}

/**
 * The objects that a program writes, without the labels that all of them carry, so that a test shows what is its own.
 *
 * @param cluster name of the cluster that is meant; left out: all of them.
 */
export function objectsOf(build: (fleet: Fleet) => void, cluster?: string): ClusterManifests {
  const manifests = manifestsOf(build);
  const meant = cluster === undefined ? manifests.clusters : [cluster];
  const objects = meant.flatMap((name) => manifests.cluster(name).all);
  return new ClusterManifests(meant.join(' and '), objects.map(withoutOwner));
}

/** `Kind namespace/name @cluster` of every object with its JSON. */
export function byIdentity(build: (fleet: Fleet) => void): Map<string, string> {
  const fleet = new Fleet();
  build(fleet);
  const objects = fleet
    .manifests()
    .map(({ cluster, manifest }): [string, string] => [
      `${manifest.kind} ${manifest.metadata.namespace ?? ''}/${manifest.metadata.name} @${cluster}`,
      JSON.stringify(manifest),
    ]);
  const found = new Map(objects);
  if (found.size < objects.length) throw new Error('two objects have one name');
  return found;
}

/** Message of the error that a function throws. */
export function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** A mesh in a cluster of its own. */
export function mesh(fleet: Fleet, id: string, props: Partial<MeshProps> = {}, cluster = `${id}-cluster`): Mesh {
  return new Mesh(new Cluster(fleet, cluster), id, {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
    trustDomain: `${id}.example`,
    ...props,
  });
}

/** A consumer, and a provider with an ingress gateway and a service with a subset. */
export function agencyAndPartner(fleet: Fleet, gateway: Partial<GatewayProps> = {}, props: Partial<MeshProps> = {}) {
  const agency = mesh(fleet, 'agency', props);
  const partner = mesh(fleet, 'partner', props);
  partner.namespace('gateways');
  const ingress = new Gateway(partner, 'public', { kind: 'ingress', namespace: 'gateways', ...gateway });
  const broker = partner.service('insurances', {
    namespace: 'broker',
    ports: [Port.http(8000)],
    subsets: { v1: { version: 'v1' } },
  });
  return { agency, partner, ingress, broker };
}
