import type { IConstruct } from 'constructs';
import { MeshError } from '../facts/error';
import type { EndFacts } from '../facts/exposure';
import { type MeshContractDocument, writeMeshContract } from '../facts/mesh-contract';
import { dnsLabel } from '../facts/names';
import { Fleet } from '../fleet/fleet';
import type { Credential } from '../trust/credential';
import { contractedFederations } from './federation-ends';

/** What a mesh says of itself whatever its peerings. */
type Self = Pick<MeshContractDocument, 'mesh' | 'domain' | 'trustDomain' | 'root' | 'network'>;

/** What a mesh says of itself to other repositories: its mesh contract, with the certificates that it calls with. */
export class Introductions {
  private readonly ends = new Map<string, EndFacts>();
  private isWritten = false;

  constructor(
    private readonly mesh: IConstruct,
    private readonly self: () => Self,
  ) {}

  /** @throws MESH1404 when the peering is introduced with another certificate already. */
  public add(peering: string, client: Credential): void {
    const where = this.mesh.node.path;
    const end = client.facts();
    const known = this.ends.get(peering);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(end)) {
      throw new MeshError(
        'MESH1404',
        where,
        `peering '${peering}' is introduced with a certificate of ${known.subjectAltName} signed by ${known.signer.name}, now of ${end.subjectAltName} signed by ${end.signer.name}; state one`,
      );
    }
    this.ends.set(dnsLabel(peering, where, 'peering id'), end);
    this.write();
  }

  /** Writes the mesh contract, once and when everything is stated. */
  public write(): void {
    if (this.isWritten) return;
    this.isWritten = true;
    const { mesh } = this;
    const fleet = Fleet.of(mesh);
    fleet.addOutput(`contracts/${mesh.node.id}.mesh.json`, () =>
      writeMeshContract({
        version: 1,
        ...this.self(),
        gateways: fleet.register.gatewaysOf(mesh.node.path).map(({ selector: _, ...gateway }) => gateway),
        peerings: [...this.ends].map(([name, client]) => ({ name, client })),
        ...contractedFederations(mesh),
      }),
    );
  }
}
