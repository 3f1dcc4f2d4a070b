import type { Gateway } from '../../mesh/gateway';
import { writeWorkloadPolicy } from '../ingress/workload-policy';
import type { PeeringName, Provided, ProviderHalf } from '../strategy';
import type { SharedRoot } from './options';
import { PassedHost } from './passed-host';

/**
 * The workload's policy is all that stands between an identity of the root and the workload: Argo CD shall remove it
 * after what lets calls through, which in turn comes a wave later (`PassedHost`).
 */
const REMOVED_LAST = { 'argocd.argoproj.io/sync-options': 'PruneLast=true' };

/** The provider's half at its east-west gateway and at its workloads. */
export class EastWestHalf implements ProviderHalf<SharedRoot> {
  constructor(
    private readonly gateway: Gateway,
    private readonly peering: PeeringName,
  ) {}

  public provide({ chart, facts, name, service, stated }: Provided<SharedRoot>): void {
    const { gateway, peering } = this;
    PassedHost.pass(gateway, { facts, service, where: peering.where });
    writeWorkloadPolicy(chart, {
      mesh: gateway.mesh,
      name,
      service,
      subset: facts.service.subset,
      access: facts.access,
      // every rule names its callers
      arriving: [],
      alsoFrom: stated.alsoFrom,
      annotations: REMOVED_LAST,
    });
  }
}
