import type { App } from 'cdk8s';
import { Construct, type IConstruct } from 'constructs';
import { MeshError } from '../facts/error';
import { checkOptions, type Guards, optional, text } from '../facts/guard';
import { isMarked, mark } from '../facts/marks';
import { dnsLabel, hostname } from '../facts/names';
import { vacantId } from './child-id';
import { keepChildrenByName } from './children';

/** Options of a cluster. */
export interface ClusterProps {
  /**
   * The DNS domain of the cluster's Services.
   *
   * @default 'cluster.local'
   */
  readonly domain?: string;
}

const PROPS: Guards<ClusterProps> = { domain: optional(text) };

/** One Kubernetes API server; one folder of the output directory, named after the id. */
export class Cluster extends Construct {
  /** Whether something is a Cluster, also one of another copy of this package. */
  public static isCluster(x: unknown): x is Cluster {
    return isMarked(x, 'Cluster');
  }

  /**
   * The cluster that a construct is in: the one around it, or that of its {@link MeshChart}.
   *
   * @throws MESH2012 when it is in none.
   */
  public static of(construct: IConstruct): Cluster {
    for (const scope of construct.node.scopes.reverse()) {
      if (Cluster.isCluster(scope)) return scope;
      if (isMarked(scope, 'MeshChart')) return (scope as IConstruct & { readonly cluster: Cluster }).cluster;
    }
    throw new MeshError(
      'MESH2012',
      construct.node.path,
      'the construct is in no cluster; create it below a Cluster, or state the cluster',
    );
  }

  /** Name of the cluster and of its folder. */
  public readonly name: string;
  /** The DNS domain of the cluster's Services. */
  public readonly domain: string;

  /**
   * @param fleet the fleet that the cluster is part of.
   * @param id name of the cluster: a DNS label.
   * @throws MESH2012 when the scope is no fleet, MESH1001 when the id is no DNS label, MESH1130 when it is
   * taken, MESH1002 when the domain is no host name.
   */
  constructor(fleet: App, id: string, props: ClusterProps = {}) {
    if (!isMarked(fleet, 'Fleet')) {
      throw new MeshError('MESH2012', id, 'a cluster is a part of a fleet; create it with `new Cluster(fleet, …)`');
    }
    super(fleet, vacantId(fleet, dnsLabel(id, id, 'cluster name'), 'cluster'));
    keepChildrenByName(this);
    checkOptions<ClusterProps>(props, id, PROPS);
    this.name = id;
    this.domain = hostname(props.domain ?? 'cluster.local', id, 'cluster domain');
    mark(this, 'Cluster');
  }
}
