import type { FleetDocument, RootFacts } from '../../facts/fleet';

/** One name for each certificate authority, whatever the two sides of a hop call it. */
export class RootNames {
  private readonly byFingerprint = new Map<string, string>();
  /** Of names that are stated with fingerprints somewhere. */
  private readonly byName = new Map<string, string>();

  constructor({ meshes, peerings, secrets }: FleetDocument) {
    const ends = peerings.flatMap(({ server, client }) => [server?.signer, client?.signer]);
    const believed = meshes.flatMap(({ root, controlPlane }) => [root, ...(controlPlane.otherRoots?.roots ?? [])]);
    const all = [...believed, ...ends, ...secrets.flatMap(({ signer, trusts }) => [signer, trusts])];
    for (const root of all) {
      // while a root is rotated, one fingerprint in common is enough
      const name = root && (root.sha256.map((sha) => this.byFingerprint.get(sha)).find(Boolean) ?? root.name);
      for (const sha of root?.sha256 ?? []) this.byFingerprint.set(sha, name ?? '');
      if (root && name !== undefined && root.sha256.length > 0) this.byName.set(root.name, name);
    }
  }

  /** By fingerprint, where it is stated here or of another root of that name; by name otherwise. */
  public nameOf({ name, sha256 }: RootFacts): string {
    return sha256.map((sha) => this.byFingerprint.get(sha)).find(Boolean) ?? this.byName.get(name) ?? name;
  }
}
