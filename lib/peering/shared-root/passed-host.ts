import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import { dnsLabel, joinLabels, objectName } from '../../facts/names';
import type { MeshService } from '../../facts/service';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import { TAKES_MTLS } from '../hop/service-entry';
import { entryPort, hostPortOf, portName } from './entry-port';
import type { SharedRootFacts } from './facts';

/** Argo CD lets nobody in before the workloads' policies are there: applied a wave later, removed a wave earlier. */
const AFTER_POLICIES = { 'argocd.argoproj.io/sync-wave': '1' };

/** One exposure at the gateway. */
interface Passed {
  readonly facts: SharedRootFacts;
  readonly service: MeshService;
  /** Construct path of the peering, for messages. */
  readonly where: string;
}

/**
 * A host that a gateway passes on to workloads by the SNI of the mesh's mTLS, once however many consumers and ports: of
 * two Gateways with one host istiod drops the second silently.
 */
export class PassedHost {
  /**
   * Lets an exposure through.
   *
   * @throws MESH1254 when the host leads to another service, or the port to another port.
   */
  public static pass(gateway: Gateway, passed: Passed): void {
    const hosts = attached(gateway.atPods, 'passed hosts', () => new Map<string, PassedHost>());
    const { host } = passed.facts;
    const known = hosts.get(host) ?? new PassedHost(gateway, passed);
    hosts.set(host, known);
    known.add(passed);
  }

  /** What is exposed, by the port that is dialled. */
  private readonly ports = new Map<number, Passed>();

  private constructor(
    private readonly gateway: Gateway,
    private readonly first: Passed,
  ) {
    this.writeGateway();
    this.writeEntry();
  }

  private add(passed: Passed): void {
    const { facts, where } = passed;
    const { host, port } = facts;
    const known = this.ports.get(port)?.facts;
    if ((known && known.key !== facts.key) || !isOneService(this.first.facts, facts)) {
      throw new MeshError(
        'MESH1254',
        where,
        `port ${port} of host '${host}' at gateway ${this.gateway.node.path} cannot lead to ${facts.key}: ${known ? `it leads to ${known.key}` : `the host is that of ${this.first.facts.key}`}; give this exposure a host of its own`,
      );
    }
    this.ports.set(port, passed);
  }

  /** Exactly this host: one with a wildcard would pass on whatever else has a ServiceEntry beside it. */
  private writeGateway(): void {
    const { gateway, first } = this;
    const { host } = first.facts;
    const name = dnsLabel(
      joinLabels(gateway.name, host),
      first.where,
      'name of the Gateway resource (made of gateway id and host)',
    );
    const { number } = gateway.portFor('tls');
    new istio.Gateway(gateway.chart, `Gateway ${host}`, {
      apiVersion: gateway.mesh.platform.apiVersion('Gateway'),
      metadata: { name, namespace: gateway.namespace, annotations: AFTER_POLICIES },
      spec: {
        selector: gateway.selector,
        servers: [{ port: { number, name: 'tls', protocol: 'TLS' }, hosts: [host], tls: { mode: 'AUTO_PASSTHROUGH' } }],
      },
    });
  }

  /** What the SNI leads to, seen by the gateway alone. */
  private writeEntry(): void {
    const { gateway, first } = this;
    const { facts, service } = first;
    const { host } = facts;
    const isSubset = facts.service.subset !== undefined;
    new istio.ServiceEntry(gateway.chart, `ServiceEntry ${host}`, {
      apiVersion: gateway.mesh.platform.apiVersion('ServiceEntry'),
      metadata: {
        name: objectName(`${gateway.name}.${host}`, first.where),
        // pods are selected in the namespace of the entry
        namespace: isSubset ? service.namespace : gateway.namespace,
      },
      spec: {
        hosts: [host],
        exportTo: isSubset && service.namespace !== gateway.namespace ? [gateway.namespace] : ['.'],
        location: 'MESH_INTERNAL',
        ports: Lazy.any({
          produce: () =>
            this.sorted.map((one) =>
              entryPort(hostPortOf(one.facts), isSubset ? one.service.port.targetPort : undefined),
            ),
        }),
        ...(isSubset
          ? { resolution: 'STATIC', workloadSelector: { labels: podsOf(service, facts) } }
          : {
              resolution: 'DNS',
              endpoints: Lazy.any({
                produce: () => [{ address: facts.service.host, ports: this.portMap, labels: TAKES_MTLS }],
              }),
            }),
      },
    });
  }

  private get sorted(): Passed[] {
    return [...this.ports.values()].sort((a, b) => a.facts.port - b.facts.port);
  }

  private get portMap(): Record<string, number> {
    return Object.fromEntries(this.sorted.map(({ facts }) => [portName(hostPortOf(facts)), facts.service.port]));
  }
}

/** Whether two exposures are ports of one service, or of one subset of it. */
export function isOneService({ service: a }: SharedRootFacts, { service: b }: SharedRootFacts): boolean {
  return a.host === b.host && a.subset === b.subset;
}

function podsOf(service: MeshService, { service: { subset } }: SharedRootFacts): Record<string, string> {
  return { ...service.pods, ...(subset !== undefined && service.subsets[subset]) };
}
