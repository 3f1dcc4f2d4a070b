import { type Labels, selects } from '../../facts/labels';
import { fullName, mostSpecific } from '../registry/hosts';
import type { Service } from '../registry/service';
import type { DestinationRuleSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';

/** DestinationRules of one host that were merged into one. */
export interface MergedRule {
  /** The first of them. */
  readonly rule: Resource<DestinationRuleSpec>;
  readonly spec: DestinationRuleSpec;
  readonly exportTo: readonly string[];
  /** All of them. */
  readonly from: readonly Resource<DestinationRuleSpec>[];
}

type ByHost = Map<string, MergedRule[]>;

/** The DestinationRules of a mesh, merged as istiod merges them (`PushContext.setDestinationRules`). */
export class DestinationRules {
  private readonly own = new Map<string, ByHost>();
  private readonly exported = new Map<string, ByHost>();
  private readonly ownOfRoot: ByHost = new Map();

  constructor(private readonly mesh: Mesh) {
    const rules = mesh.byAge<DestinationRuleSpec>('DestinationRule');
    const withSelector = rules.filter(({ spec }) => spec.workloadSelector);
    for (const rule of [...withSelector, ...rules.filter(({ spec }) => !spec.workloadSelector)]) this.add(rule);
  }

  /**
   * The rules that clients of a namespace take for a service: of their own namespace, else of the service's, else of the
   * root namespace (`PushContext.destinationRule`).
   */
  public of(namespace: string, service: Service): readonly MergedRule[] {
    const isRoot = namespace === this.mesh.rootNamespace;
    const own = isRoot ? this.ownOfRoot : this.own.get(namespace);
    const found = own && mostSpecific(service.hostname, own);
    if (found) return found;
    return (
      this.exportedBy(service.namespace, namespace, service) ??
      this.exportedBy(this.mesh.rootNamespace, namespace, service) ??
      []
    );
  }

  private exportedBy(owner: string, to: string, { hostname }: Service): MergedRule[] | undefined {
    const rules = this.exported.get(owner);
    const found = (rules && mostSpecific(hostname, rules)) ?? [];
    const visible = found.filter(
      ({ exportTo }) => exportTo.length === 0 || exportTo.includes('*') || exportTo.includes(to),
    );
    return visible.length > 0 ? visible : undefined;
  }

  private add(rule: Resource<DestinationRuleSpec>): void {
    const { namespace, spec } = rule;
    const host = fullName(spec.host, namespace, this.mesh.dnsDomain);
    const exportTo: readonly string[] = spec.workloadSelector ? ['.'] : (spec.exportTo ?? []);
    const names = exportTo.map((name) => (name === '.' ? namespace : name));
    if (names.length === 0 || names.includes('*') || names.includes(namespace))
      merge(of(this.own, namespace), host, rule, exportTo);
    const defaultsToOwn = this.mesh.config.defaultDestinationRuleExportTo?.includes('.') ?? false;
    const isPrivate = names.length === 0 ? defaultsToOwn : names.length === 1 && names[0] === namespace;
    if (!isPrivate) merge(of(this.exported, namespace), host, rule, exportTo);
    else if (namespace === this.mesh.rootNamespace) merge(this.ownOfRoot, host, rule, exportTo);
  }
}

function of(all: Map<string, ByHost>, namespace: string): ByHost {
  const found = all.get(namespace) ?? new Map<string, MergedRule[]>();
  all.set(namespace, found);
  return found;
}

/**
 * Merges a rule into those of its host, which are older or have a selector (`PushContext.mergeDestinationRule`): only
 * with equal exportTo does it vanish in another; with a wider one it also stays.
 */
function merge(into: ByHost, host: string, rule: Resource<DestinationRuleSpec>, exportTo: readonly string[]): void {
  const alone: MergedRule = { rule, spec: rule.spec, exportTo, from: [rule] };
  const existing = into.get(host);
  if (!existing) {
    into.set(host, [alone]);
    return;
  }
  let staysAlone = true;
  const merged = existing.map((one) => {
    const isSame = sameSet(exportTo, one.exportTo);
    const isWider = one.exportTo.length > 0 && one.exportTo.every((name) => exportTo.includes(name));
    staysAlone = !isSame;
    if (!isSame && !isWider) return one;
    const mine = rule.spec.workloadSelector;
    const its = one.spec.workloadSelector;
    const sameSelector = sameLabels(mine?.matchLabels, its?.matchLabels);
    if (mine && its && !sameSelector) {
      staysAlone = true;
      return one;
    }
    if (Boolean(mine) === Boolean(its)) staysAlone = false;
    return withRule(one, rule);
  });
  into.set(host, staysAlone ? [...merged, alone] : merged);
}

function withRule(one: MergedRule, rule: Resource<DestinationRuleSpec>): MergedRule {
  const { subsets = [], trafficPolicy } = one.spec;
  const added = (rule.spec.subsets ?? []).filter(({ name }) => !subsets.some((subset) => subset.name === name));
  const policy = trafficPolicy ?? rule.spec.trafficPolicy;
  return {
    ...one,
    spec: { ...one.spec, subsets: [...subsets, ...added], ...(policy ? { trafficPolicy: policy } : {}) },
    from: [...one.from, rule],
  };
}

/** The rule for a client with these labels: one that selects it, else the last without selector (`SidecarScope.DestinationRule`). */
export function ruleFor(rules: readonly MergedRule[], namespace: string, labels: Labels): MergedRule | undefined {
  const selecting = rules.find(({ rule, spec: { workloadSelector } }) => {
    return workloadSelector && rule.namespace === namespace && selects(workloadSelector.matchLabels, labels);
  });
  return selecting ?? rules.filter(({ spec }) => !spec.workloadSelector).pop();
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).size === new Set(b).size && a.every((one) => b.includes(one));
}

function sameLabels(a: Labels = {}, b: Labels = {}): boolean {
  return Object.keys(a).length === Object.keys(b).length && selects(a, b);
}
