import * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import { type FederationEnd, SERVICE_PORT } from '../../facts/federation';
import type { MeshChart } from '../../fleet/mesh-chart';
import { writeWorkloadPolicy } from '../ingress/workload-policy';
import type { PeeringName, Provided, ProviderHalf } from '../strategy';
import type { Federation, FederationFacts } from './facts';
import type { FederationGateways } from './gateways';
import { gatewayLabel } from './hop-names';

/**
 * The provider's half as plain objects: what the control plane of OpenShift Service Mesh 2 makes in memory, but for the
 * policy of the gateway, which allows the peer's gateway instead of denying all others: such policies add up.
 *
 * The gateway sees the peer's egress gateway and no requests; the workload sees the gateway, with methods and paths.
 */
export class ExportLegs implements ProviderHalf<Federation> {
  constructor(
    private readonly gateways: FederationGateways,
    private readonly consumer: FederationEnd,
    private readonly peering: PeeringName,
  ) {}

  public provide({ chart, facts, name, service, stated }: Provided<Federation>): void {
    const { mesh, ingress } = this.gateways;
    if (stated.labels !== undefined) {
      throw new MeshError(
        'MESH1276',
        this.peering.where,
        `'labels' of ${facts.key} is stated, but without a control plane that federates each exposure has objects of its own; leave labels out`,
      );
    }
    this.route(chart, facts);
    if (facts.access.length > 0) this.allow(chart, facts, name);
    const arriving = [ingress.identity.value];
    writeWorkloadPolicy(chart, { mesh, name, service, access: facts.access, arriving, alsoFrom: stated.alsoFrom });
  }

  private route(chart: MeshChart, { service, wireHost }: FederationFacts): void {
    const { mesh, ingress } = this.gateways;
    const label = gatewayLabel(this.peering, service);
    const metadata = { name: label, namespace: ingress.namespace };
    new istio.Gateway(chart, `Gateway ${label}`, {
      apiVersion: mesh.platform.apiVersion('Gateway'),
      metadata,
      spec: {
        selector: ingress.selector,
        servers: [
          {
            port: { number: SERVICE_PORT, name: 'tls', protocol: 'TLS' },
            hosts: [wireHost],
            tls: { mode: 'ISTIO_MUTUAL' },
          },
        ],
      },
    });
    new istio.VirtualService(chart, `VirtualService ${label}`, {
      apiVersion: mesh.platform.apiVersion('VirtualService'),
      metadata,
      spec: {
        hosts: [wireHost],
        exportTo: ['.'],
        gateways: [`${ingress.namespace}/${label}`],
        tcp: [
          {
            match: [{ port: SERVICE_PORT }],
            route: [{ destination: { host: service.host, port: { number: service.port } } }],
          },
        ],
      },
    });
  }

  private allow(chart: MeshChart, { wireHost }: FederationFacts, name: string): void {
    const { mesh, ingress } = this.gateways;
    new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${name}`, {
      apiVersion: mesh.platform.apiVersion('AuthorizationPolicy'),
      metadata: { name, namespace: ingress.namespace },
      spec: {
        selector: { matchLabels: ingress.selector },
        action: 'ALLOW',
        rules: [
          {
            from: [{ source: { principals: [this.consumer.egress.identity] } }],
            when: [{ key: 'connection.sni', values: [wireHost] }],
          },
        ],
      },
    });
  }
}
