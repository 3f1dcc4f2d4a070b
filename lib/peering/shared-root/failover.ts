import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import * as istio from '../../../imports/istio';
import { byText } from '../../facts/by-text';
import type { Destination, NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import { checkOptions, type Guards, listOf, made, oneOf, only, optional, options, text } from '../../facts/guard';
import { mark } from '../../facts/marks';
import { hostname } from '../../facts/names';
import type { Port, Protocol } from '../../facts/port';
import type { MeshService } from '../../facts/service';
import { childId } from '../../fleet/child-id';
import type { Mesh } from '../../mesh/mesh';
import type { DialledHost } from '../../traffic/dialled-host';
import type { Callers } from '../callers';
import { EJECTION, type Ejection, outlierDetection } from '../hop/ejection';
import { resolutionOf, TAKES_MTLS } from '../hop/service-entry';
import { claimVirtualIp } from '../hop/virtual-ip';
import { entryPort, portName } from './entry-port';
import type { SharedRootFacts } from './facts';
import type { FailoverMember, FailoverUse } from './failover-member';
import { type HostNames, needNames } from './host-names';
import { identitiesOf } from './servers';

declare const brand: unique symbol;

/** What a failover states. */
export interface FailoverProps<P extends Protocol> {
  /** Host that callers dial, and that every provider exposes its service under. */
  readonly host: string;
  /** Port that callers dial, and that every provider exposes its service at. */
  readonly port: Port<P>;
  /** Where the callers are, as the labels of their nodes say it: `<region>` or `<region>/<zone>`. */
  readonly locality: string;
  /**
   * Service of the own mesh: it answers as long as it is healthy.
   * @default - none; the providers are all there is
   */
  readonly local?: MeshService<NoInfer<P>>;
  /**
   * ServiceAccounts that the pods of `local` run as.
   * @default - one with the service's name, as `Workload` makes it
   */
  readonly serviceAccounts?: string[];
  /**
   * Region that is tried next once what is in the callers' own region fails; all others are tried when it fails, too.
   * Istio knows one such region per host.
   * @default - all other regions are equal: calls are spread over them
   */
  readonly next?: string;
  /**
   * When an endpoint counts as failed, and for how long. A Service of the cluster is one endpoint: failures of one of
   * its pods count for all.
   * @default - as documented at each
   */
  readonly ejection?: Ejection;
  /**
   * Address by which sidecars know the host.
   * @default - made of the host, in the mesh's `virtualIpRange`
   */
  readonly virtualIp?: string;
  /**
   * Which workloads of the mesh use it.
   * @default - all namespaces of the mesh see the host
   */
  readonly callers?: Callers<'namespaces'>;
  /**
   * How callers find the host.
   * @default 'dnsCapture'
   */
  readonly names?: HostNames;
}

const GUARDS: Guards<FailoverProps<Protocol>> = {
  host: text,
  port: made('a port such as Port.http(80)', 'Port'),
  locality: text,
  local: optional(made('a service of the mesh: mesh.service(…)', 'MeshService')),
  serviceAccounts: optional(listOf(text)),
  next: optional(text),
  ejection: optional(options<Ejection>(EJECTION)),
  virtualIp: optional(text),
  callers: optional(only('Callers', 'kind', ['namespaces'], 'Callers.namespaces(…)')),
  names: optional(oneOf('dnsCapture', 'rulesOnly')),
};

/** One endpoint, or several with one port. */
interface Member {
  readonly addresses: readonly string[];
  readonly port: number;
  readonly locality: string;
}

/**
 * One host whose endpoints a service of the own mesh and several peerings give: the nearest healthy one answers. Calls
 * come back once it is well again.
 *
 * `failoverPriority` is not offered: together with endpoints known by name in several localities it ends istiod.
 */
export class Failover<P extends Protocol = Protocol> extends Construct implements Destination<P> {
  static {
    mark(Failover.prototype, 'Failover');
  }

  declare protected readonly [brand]: P;
  /** Host that callers dial. */
  public readonly host: string;
  public readonly protocol: P;
  public readonly usableIn: string;
  public readonly nextHop: NextHop;
  /** How a Routing may be about its host. */
  public readonly dialled: DialledHost;
  private readonly region: string;
  private readonly members: Member[] = [];
  private readonly servers = new Set<string>();

  /**
   * @throws MESH1001 for a malformed id; MESH1130 for one that is taken; MESH1002 for a malformed host; MESH1116 when
   * nothing resolves the host; MESH1204 when the host leads elsewhere already; MESH1253 when the virtual IP cannot be
   * had; MESH1255 for a malformed locality, or a local service of another mesh or protocol.
   */
  constructor(
    private readonly mesh: Mesh,
    id: string,
    props: FailoverProps<P>,
  ) {
    super(mesh, childId(mesh, id, { kind: 'failover', scope: 'Mesh' }));
    const where = this.node.path;
    checkOptions<FailoverProps<P>>(props, where, GUARDS);
    const { port, locality, local, virtualIp, names } = props;
    this.host = hostname(props.host, where);
    this.protocol = port.protocol;
    this.usableIn = mesh.node.path;
    this.nextHop = { host: this.host, port: port.number };
    const namespace = props.callers?.namespaces[0] ?? mesh.controlPlane.namespace;
    this.dialled = { ...this.nextHop, namespace, exportTo: props.callers?.exportTo ?? ['*'] };
    this.region = regionOf(locality, where);
    needNames(mesh, names, where);
    const other = mesh.callable.claimHost(this.host, { by: where });
    if (other !== undefined) {
      throw new MeshError(
        'MESH1204',
        where,
        `host '${this.host}' already leads through ${other.by}; choose another one`,
      );
    }
    if (local) this.addLocal(local, props);
    const address = claimVirtualIp(mesh, { host: this.host, stated: virtualIp, where });
    this.write(props, address);
    this.node.addValidation({ validate: () => this.problems(props.next) });
  }

  /** Where a peering's endpoints are, as `<region>` or `<region>/<zone>`: pass it to `expose()` as `failover`. */
  public at(locality: string): FailoverMember {
    const region = regionOf(locality, this.node.path);
    if (region === this.region) {
      throw new MeshError(
        'MESH1255',
        this.node.path,
        `locality '${locality}' is in the callers' own region, so it would answer beside the local service; expected another region than '${this.region}'`,
      );
    }
    const member: FailoverMember = { join: (facts, use) => this.join(facts, locality, use) };
    mark(member, 'FailoverMember');
    return member;
  }

  private addLocal(local: MeshService<P>, { locality, serviceAccounts }: FailoverProps<P>): void {
    const { mesh } = this;
    if (local.owner.mesh !== mesh.node.path || local.protocol !== this.protocol) {
      throw new MeshError(
        'MESH1255',
        this.node.path,
        `service ${local.ref} (${local.protocol}) of ${local.owner.mesh} cannot be the local one; expected a ${this.protocol} port of a service of ${mesh.node.path}`,
      );
    }
    this.members.push({ addresses: [local.host], port: local.port.number, locality });
    for (const server of identitiesOf({ trustDomain: mesh.trustDomain, where: mesh.node.path }, local, serviceAccounts))
      this.servers.add(server);
  }

  private join(facts: SharedRootFacts, locality: string, { mesh, virtualIp, where }: FailoverUse): NextHop {
    const { host, port, service, endpoint } = facts;
    const { nextHop } = this;
    if (mesh !== this.mesh || host !== nextHop.host || port !== nextHop.port || service.protocol !== this.protocol) {
      throw new MeshError(
        'MESH1255',
        where,
        `${facts.key} is exposed to ${mesh.node.path} as ${service.protocol} ${host}:${port}, failover ${this.node.path} is of ${this.protocol} ${nextHop.host}:${nextHop.port}; the provider takes calls by host and port, so they must be the same`,
      );
    }
    if (virtualIp !== undefined) {
      throw new MeshError(
        'MESH1255',
        where,
        `virtualIp ${virtualIp} of a host with failover is that of the failover; state it there`,
      );
    }
    this.members.push({ addresses: endpoint.addresses, port: endpoint.port, locality });
    for (const server of facts.servers) this.servers.add(server);
    return nextHop;
  }

  private write({ next, ejection = {}, callers }: FailoverProps<P>, address: string): void {
    const { mesh, node, host } = this;
    const chart = mesh.ownChart(this, 'chart', node.id);
    const metadata = { name: node.id, namespace: callers?.namespaces[0] ?? mesh.controlPlane.namespace };
    const exportTo = callers?.exportTo ?? ['*'];
    const exposed = { port: this.nextHop.port, protocol: this.protocol };
    const endpoints = () =>
      this.members
        .flatMap(({ addresses, port, locality }) =>
          addresses.map((one) => ({
            address: one,
            ports: { [portName(exposed)]: port },
            locality,
            labels: TAKES_MTLS,
          })),
        )
        .sort(byText((endpoint) => `${endpoint.locality} ${endpoint.address}`));
    new istio.ServiceEntry(chart, 'ServiceEntry', {
      apiVersion: mesh.platform.apiVersion('ServiceEntry'),
      metadata,
      spec: {
        hosts: [host],
        exportTo,
        location: 'MESH_INTERNAL',
        resolution: Lazy.any({ produce: () => resolutionOf(endpoints().map((one) => one.address)) }),
        addresses: [address],
        subjectAltNames: Lazy.any({ produce: () => [...this.servers].sort() }),
        ports: [entryPort(exposed)],
        endpoints: Lazy.any({ produce: endpoints }),
      },
    });
    new istio.DestinationRule(chart, 'DestinationRule', {
      apiVersion: mesh.platform.apiVersion('DestinationRule'),
      metadata,
      spec: {
        host,
        exportTo,
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL' },
          // without it Istio ignores localities
          outlierDetection: outlierDetection(ejection, node.path),
          ...(next !== undefined && {
            loadBalancer: { localityLbSetting: { failover: [{ from: this.region, to: next }] } },
          }),
        },
      },
    });
  }

  private problems(next: string | undefined): string[] {
    const regions = [...new Set(this.members.map(({ locality }) => locality.split('/')[0]))].sort();
    const others = regions.filter((region) => region !== this.region);
    const problem =
      others.length === 0
        ? 'no peering gives an endpoint; expose the service with failover: failover.at(…)'
        : next !== undefined && !others.includes(next)
          ? `next is '${next}', where no endpoint is; expected one of ${others.join(', ')}`
          : undefined;
    return problem === undefined ? [] : [new MeshError('MESH1255', this.node.path, problem).message];
  }
}

function regionOf(locality: string, where: string): string {
  if (/^[^/\s*]+(\/[^/\s*]+){0,2}$/.test(locality)) return locality.split('/')[0];
  throw new MeshError(
    'MESH1255',
    where,
    `locality '${locality}' is malformed; expected '<region>' or '<region>/<zone>', as the labels topology.kubernetes.io/region and zone of the nodes say it`,
  );
}
