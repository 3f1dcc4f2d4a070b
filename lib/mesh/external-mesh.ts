import { Construct } from 'constructs';
import { MeshError } from '../facts/error';
import type { FederationEnd } from '../facts/federation';
import { checkOptions, declaredRoot, made, optional, text } from '../facts/guard';
import { requireObject } from '../facts/kind-of';
import { mark } from '../facts/marks';
import type { MeshContract } from '../facts/mesh-contract';
import { hostname, trustDomain } from '../facts/names';
import type { Protocol } from '../facts/port';
import { principalOf } from '../facts/principal';
import { MeshService, type MeshServiceProps } from '../facts/service';
import { childId } from '../fleet/child-id';
import { Fleet } from '../fleet/fleet';
import { Identity } from '../trust/identity';
import { PeerEnd } from '../trust/peer-end';
import { TrustBundle } from '../trust/trust-bundle';

/** What is known of somebody else's mesh. */
export interface ExternalMeshProps {
  /** SPIFFE trust domain of its workload identities. */
  readonly trustDomain: string;
  /**
   * Root of its workload certificates.
   * @default - not known
   */
  readonly root?: TrustBundle<'declared'>;
  /**
   * DNS domain of its cluster.
   * @default 'cluster.local'
   */
  readonly domain?: string;
}

/** What a mesh of somebody else's says of itself. */
export interface ContractedMeshProps {
  /** What its own repository wrote to `dist/contracts/<mesh>.mesh.json`. */
  readonly contract: MeshContract;
}

/** A mesh of somebody else's: facts, nothing emitted. */
export class ExternalMesh extends Construct {
  static {
    mark(ExternalMesh.prototype, 'ExternalMesh');
  }

  /** What kind of party of a peering it is. */
  public readonly kind = 'externalMesh';
  /** SPIFFE trust domain of its workload identities. */
  public readonly trustDomain: string;
  /** Root of its workload certificates, where it is known. */
  public readonly root?: TrustBundle<'declared'>;
  private readonly domain: string;
  private readonly contract?: MeshContract;

  /**
   * @throws MESH1001 for a malformed id; MESH1130 for one that is taken; MESH1401 for a malformed trust domain;
   * MESH1002 for a malformed domain; MESH1504 when the contract is that of another mesh; MESH1118 when its root has
   * other fingerprints elsewhere.
   */
  constructor(scope: Construct, id: string, props: ExternalMeshProps | ContractedMeshProps) {
    super(scope, childId(scope, id, { kind: 'mesh', scope: 'Fleet' }));
    checkStated(props, this.node.path);
    const stated = 'contract' in props ? read(props.contract, id) : props;
    this.contract = 'contract' in props ? props.contract : undefined;
    this.trustDomain = trustDomain(stated.trustDomain, this.node.path);
    this.root = stated.root;
    if (this.root) Fleet.of(this).register.addRoot(this.root.facts(), this.node.path);
    this.domain = hostname(stated.domain ?? 'cluster.local', this.node.path, 'cluster domain');
  }

  /** Name of the mesh: its id. */
  public get name(): string {
    return this.node.id;
  }

  /**
   * Identities of its workloads, as `Access.from` takes them.
   *
   * @param ref `<namespace>/<service account>`, `<namespace>/*` for a whole namespace, or `*` for all of the trust domain.
   * @throws MESH1202 when it is none of these.
   */
  public principal(ref: string): string {
    return principalOf(this.trustDomain, ref, this.node.path);
  }

  /** A fact: something callable in that mesh. */
  public service<P extends Protocol>(name: string, props: MeshServiceProps<P>): MeshService<P> {
    return new MeshService<P>({ mesh: this.node.path, domain: this.domain }, name, props);
  }

  /**
   * Its end of the hop of a peering in which it is the consumer, as its mesh contract says.
   *
   * @param peering name of the peering, in both repositories.
   * @throws MESH1505 when the mesh is known without a contract; MESH1504 when the contract names no such peering.
   */
  public client(peering: string): PeerEnd<'declared'> {
    if (this.contract === undefined) {
      throw new MeshError(
        'MESH1505',
        this.node.path,
        'the mesh was not made from a mesh contract; state its end with new PeerEnd(…)',
      );
    }
    const { subjectAltName, signer } = this.contract.client(peering);
    return new PeerEnd(
      Identity.ofSubjectAltName(subjectAltName),
      TrustBundle.declared(signer.name, { rootSha256: signer.sha256 }),
    );
  }

  /**
   * Its end of a federation, as its mesh contract says.
   *
   * @param peer name of the mesh that it federates with, in both repositories.
   * @throws MESH1505 when the mesh is known without a contract; MESH1504 when the contract names no such peer.
   */
  public federation(peer: string): FederationEnd {
    if (this.contract === undefined) {
      throw new MeshError(
        'MESH1505',
        this.node.path,
        "the mesh was not made from a mesh contract, which says by which gateways it federates; state { contract: MeshContract.file('…') }",
      );
    }
    const end = this.contract.federation(peer);
    const foreign = [end.trustDomain, ...[end.ingress, end.egress].map(({ identity }) => identity.split('/')[0])].find(
      (domain) => domain !== this.trustDomain,
    );
    if (foreign !== undefined) {
      throw new MeshError(
        'MESH1504',
        this.contract.where,
        `field 'federations' states trust domain '${foreign}' for the end that faces '${peer}', the mesh has '${this.trustDomain}'; the contract contradicts itself`,
      );
    }
    return end;
  }
}

function read({ document, where }: MeshContract, id: string): ExternalMeshProps {
  if (document.mesh !== id) {
    throw new MeshError(
      'MESH1504',
      where,
      `field 'mesh' is '${document.mesh}', here it is '${id}'; contracts of peerings name meshes by their ids, so both must be the same`,
    );
  }
  const { trustDomain, root, domain } = document;
  return {
    trustDomain,
    domain,
    ...(root && { root: TrustBundle.declared(root.name, { rootSha256: root.sha256 }) }),
  };
}

function checkStated(props: ExternalMeshProps | ContractedMeshProps, where: string): void {
  requireObject(props, where, 'what is stated', "{ trustDomain: … } or { contract: MeshContract.file('…') }");
  if ('contract' in props) {
    const expected = "the mesh contract of that mesh: MeshContract.file('…'), not the contract of a peering";
    checkOptions<ContractedMeshProps>(props, where, { contract: made(expected, 'MeshContract') });
    return;
  }
  checkOptions<ExternalMeshProps>(props, where, {
    trustDomain: text,
    root: optional(declaredRoot),
    domain: optional(text),
  });
}
