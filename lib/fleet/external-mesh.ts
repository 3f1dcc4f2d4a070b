import { Construct } from 'constructs';
import { dnsLabel, hostname, trustDomain } from '../facts/names';
import type { Protocol } from '../facts/port';
import { MeshService, type MeshServiceProps } from '../facts/service';
import type { TrustBundle } from '../trust/trust-bundle';

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

/** A mesh of somebody else's: facts, nothing emitted. */
export class ExternalMesh extends Construct {
  public readonly trustDomain: string;
  public readonly root?: TrustBundle<'declared'>;
  private readonly domain: string;

  /** @throws MESH1001 for a malformed id; MESH1401 for a malformed trust domain; MESH1002 for a malformed domain. */
  constructor(scope: Construct, id: string, props: ExternalMeshProps) {
    super(scope, dnsLabel(id, scope.node.path || 'fleet', 'mesh id'));
    this.trustDomain = trustDomain(props.trustDomain, this.node.path);
    this.root = props.root;
    this.domain = hostname(props.domain ?? 'cluster.local', this.node.path, 'cluster domain');
  }

  /** Name of the mesh: its id. */
  public get name(): string {
    return this.node.id;
  }

  /** A fact: something callable in that mesh. */
  public service<P extends Protocol>(name: string, props: MeshServiceProps<P>): MeshService<P> {
    return new MeshService<P>({ mesh: this.node.path, domain: this.domain }, name, props);
  }
}
