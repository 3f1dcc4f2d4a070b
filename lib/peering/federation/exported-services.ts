import { Lazy } from 'cdk8s';
import { type ExportedServiceRule, ExportedServiceSet } from '../../../imports/maistra';
import { byText } from '../../facts/by-text';
import { writeWorkloadPolicy } from '../ingress/workload-policy';
import type { Provided, ProviderHalf } from '../strategy';
import type { Federation, FederationFacts } from './facts';
import type { FederationGateways } from './gateways';

/** An exported service, and by which labels it is selected, if so. */
interface Exported {
  readonly facts: FederationFacts;
  readonly labels?: Record<string, string>;
}

/**
 * The provider's half where control planes tell each other what they export: one ExportedServiceSet per peer, because
 * the control plane knows only that of the peer's name.
 *
 * Its ingress gateway sees the peer's gateway and no requests, so what may be called is decided at the workload.
 */
export class ExportedServices implements ProviderHalf<Federation> {
  private readonly exported: Exported[] = [];

  constructor(private readonly gateways: FederationGateways) {}

  public provide({ chart, facts, name, service, stated }: Provided<Federation>): void {
    const { mesh, peer, ingress } = this.gateways;
    this.exported.push({ facts, ...(stated.labels && { labels: stated.labels }) });
    if (this.exported.length === 1) {
      new ExportedServiceSet(chart, 'ExportedServiceSet', {
        metadata: { name: peer, namespace: mesh.controlPlane.namespace },
        spec: { exportRules: Lazy.any({ produce: () => exportRules(this.exported) }) },
      });
    }
    const arriving = [ingress.identity.value];
    writeWorkloadPolicy(chart, { mesh, name, service, access: facts.access, arriving, alsoFrom: stated.alsoFrom });
  }
}

/** Names before labels: the first rule that selects a service decides, and a name says more. */
function exportRules(exported: readonly Exported[]): ExportedServiceRule[] {
  const sorted = [...exported].sort(byText(({ facts }) => facts.key));
  const byLabels = new Map<string, Exported[]>();
  for (const one of sorted.filter(({ labels }) => labels !== undefined)) {
    const key = JSON.stringify([one.facts.service.namespace, Object.entries(one.labels ?? {}).sort()]);
    byLabels.set(key, [...(byLabels.get(key) ?? []), one]);
  }
  return [
    ...sorted.filter(({ labels }) => labels === undefined).map(({ facts }) => nameRule(facts)),
    ...[...byLabels.values()].map(labelRule),
  ];
}

function nameRule(facts: FederationFacts): ExportedServiceRule {
  return { type: 'NameSelector', nameSelector: mapping(facts) };
}

function labelRule(selected: Exported[]): ExportedServiceRule {
  const [{ facts, labels }] = selected;
  const aliases = selected.map((one) => mapping(one.facts)).filter(({ alias }) => alias !== undefined);
  return {
    type: 'LabelSelector',
    labelSelector: {
      namespace: facts.service.namespace,
      selector: { matchLabels: labels },
      ...(aliases.length > 0 && { aliases }),
    },
  };
}

function mapping({ service: { namespace, name }, exportedAs }: FederationFacts) {
  const isRenamed = exportedAs.name !== name || exportedAs.namespace !== namespace;
  return { namespace, name, ...(isRenamed && { alias: exportedAs }) };
}
