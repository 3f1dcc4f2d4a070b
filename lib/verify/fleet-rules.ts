import { byText } from '../facts/by-text';
import type { Finding } from '../facts/finding';
import { groupBy } from '../facts/group-by';
import type { VerifyInput } from './input';
import { Kinds } from './objects/objects';
import { type ClusterRule, findingsOf, type Rule, told } from './rule';
import type { ClusterObjects, Settled } from './settled';

/**
 * What rules find in a fleet, rule by rule. Those about one cluster are asked about each by itself, unless that is settled.
 *
 * @param objects of the input.
 */
export function fleetFindings(
  rules: readonly (Rule | ClusterRule)[],
  input: VerifyInput,
  objects: ClusterObjects,
  settled: Settled,
): Finding[] {
  if (!settled.remembers) return findingsOf(rules, input);
  const ofClusters = rules.filter(isOfCluster);
  const others = rules.filter((rule) => !isOfCluster(rule));
  const found = parts(input).flatMap(({ name, facts, manifests, included }) => {
    const judge = () => {
      const part = { manifests, included, facts, kinds: new Kinds({ manifests, included }) };
      return ofClusters.flatMap((rule) => told(rule, rule.check(part)));
    };
    return settled.judge(() => ['rules', facts, objects.of(name)], judge, { isJson: true });
  });
  const byCode = groupBy([...found, ...findingsOf(others, input)], ({ code }) => code);
  return rules.flatMap(({ code }) => byCode.get(code) ?? []);
}

const isOfCluster = (rule: Rule | ClusterRule): rule is ClusterRule => 'scope' in rule;

/** An input cluster by cluster, by name. */
function parts({ manifests, included, facts }: VerifyInput) {
  const clusterOf = ({ cluster }: { readonly cluster: string }) => cluster;
  const [own, others] = [groupBy(manifests, clusterOf), groupBy(included, clusterOf)];
  const [clusters, meshes] = [groupBy(facts.clusters, ({ name }) => name), groupBy(facts.meshes, clusterOf)];
  const names = new Set([own, others, clusters, meshes].flatMap((by) => [...by.keys()]));
  return [...names].sort(byText((name) => name)).map((name) => ({
    name,
    manifests: own.get(name) ?? [],
    included: others.get(name) ?? [],
    facts: { clusters: clusters.get(name) ?? [], meshes: meshes.get(name) ?? [] },
  }));
}
