import type { FleetDocument, RootFacts } from '../../facts/fleet';

/** One name for each certificate authority, whatever the two sides of a hop call it. */
export class RootNames {
  private readonly byFingerprint = new Map<string, string>();

  constructor({ meshes, peerings, secrets }: FleetDocument) {
    const ends = peerings.flatMap(({ server, client }) => [server?.signer, client?.signer]);
    const believed = meshes.flatMap(({ root, controlPlane }) => [root, ...(controlPlane.otherRoots?.roots ?? [])]);
    const all = [...believed, ...ends, ...secrets.flatMap(({ signer, trusts }) => [signer, trusts])];
    for (const root of all) {
      // while a root is rotated, one fingerprint in common is enough
      const name = root && (root.sha256.map((sha) => this.byFingerprint.get(sha)).find(Boolean) ?? root.name);
      for (const sha of root?.sha256 ?? []) this.byFingerprint.set(sha, name ?? '');
    }
  }

  /** By fingerprint, where it is stated; by name otherwise. */
  public nameOf({ name, sha256 }: RootFacts): string {
    return sha256.map((sha) => this.byFingerprint.get(sha)).find(Boolean) ?? name;
  }
}
