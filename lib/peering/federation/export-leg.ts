import { MeshError } from '../../facts/error';
import type { FederationEnd } from '../../facts/federation';
import { writeWorkloadPolicy } from '../ingress/workload-policy';
import type { PeeringName, Provided, ProviderHalf } from '../strategy';
import type { Federation } from './facts';
import type { FederationGateways } from './gateways';
import { gatewayLabel } from './hop-names';
import { writeSniPassage, writeSniPolicy } from './sni-passage';

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
    const to = facts.service;
    writeSniPassage(chart, { gateway: ingress, label: gatewayLabel(this.peering, to), sni: facts.wireHost, to });
    if (facts.access.length > 0) {
      const principals = [this.consumer.egress.identity];
      writeSniPolicy(chart, { gateway: ingress, name, sni: facts.wireHost, principals });
    }
    const arriving = [ingress.identity.value];
    writeWorkloadPolicy(chart, { mesh, name, service, access: facts.access, arriving, alsoFrom: stated.alsoFrom });
  }
}
