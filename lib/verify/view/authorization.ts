import { type Labels, selects } from '../../facts/labels';
import { Memo, push } from '../../facts/memo';
import type { AuthorizationPolicySpec, PolicyRule } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { type Ref, type Resource, refTo } from '../world/resource';
import { authorizers } from './authorizers';
import { ALWAYS, type Condition, NEVER } from './condition';
import { attributeCondition, isOfConnections } from './policy-attributes';
import { PolicyIndex } from './policy-index';
import { principalsOf, trustDomainsOf } from './trust-domain-aliases';
import type { Rbac } from './types';

/** So many policies are gone through faster than looked up. */
const FEW = 8;

/** The AuthorizationPolicies of a mesh. */
export class AuthorizationPolicies {
  private readonly byNamespace = new Map<string, Resource<AuthorizationPolicySpec>[]>();
  private readonly conditions = new Memo<Rbac['policies'][number][]>();

  constructor(private readonly mesh: Mesh) {
    for (const policy of mesh.byAge<AuthorizationPolicySpec>('AuthorizationPolicy')) {
      push(this.byNamespace, policy.namespace, policy);
    }
  }

  /** RBAC filters of a proxy in the order in which they decide (`security/authz/builder: build`). */
  public of(namespace: string, labels: Labels, forTcp: boolean): Rbac[] {
    const chosen = this.inForce(namespace, labels).filter(({ spec }) => !isTargeted(spec));
    const byFilter = [
      ['DENY', chosen.filter((policy) => this.asksNobody(policy))],
      ['DENY', chosen.filter(({ spec }) => spec.action === 'DENY')],
      ['ALLOW', chosen.filter(({ spec }) => (spec.action ?? 'ALLOW') === 'ALLOW')],
    ] as const;
    return byFilter.flatMap(([action, policies]) => {
      if (policies.length === 0) return [];
      const rules = policies.flatMap((policy) =>
        this.conditions.get(`${policy.namespace}/${policy.name} ${forTcp}`, () => this.rules(policy, action, forTcp)),
      );
      const index = rules.length > FEW ? { index: new PolicyIndex(rules) } : {};
      return [{ action, policies: rules, ref: refTo(policies[0], 'spec'), ...index }];
    });
  }

  /** Policies of which nobody here says what they do: CUSTOM ones, and those that are attached to targets. AUDIT decides nothing. */
  public unmodelled(namespace: string, labels: Labels): Ref[] {
    return this.inForce(namespace, labels).flatMap((policy) => {
      if (isTargeted(policy.spec)) return [refTo(policy, policy.spec.targetRef ? 'spec.targetRef' : 'spec.targetRefs')];
      const isAsked = policy.spec.action === 'CUSTOM' && !this.asksNobody(policy);
      return isAsked ? [refTo(policy, 'spec.action', 'CUSTOM')] : [];
    });
  }

  /**
   * Whether it is a CUSTOM policy whose provider the mesh does not have: then it denies what its rules are about
   * (`security/authz/builder: getBadCustomDenyRules`). Where nobody states the providers, nobody knows.
   */
  private asksNobody({ spec: { action, provider } }: Resource<AuthorizationPolicySpec>): boolean {
    const { extensionProviders } = this.mesh.config;
    if (action !== 'CUSTOM' || extensionProviders === undefined) return false;
    return !authorizers({ extensionProviders }).includes(provider?.name ?? '');
  }

  private inForce(namespace: string, labels: Labels): Resource<AuthorizationPolicySpec>[] {
    return [...new Set([this.mesh.rootNamespace, namespace])]
      .flatMap((one) => this.byNamespace.get(one) ?? [])
      .filter(({ annotations }) => annotations['istio.io/dry-run'] !== 'true')
      .filter(({ spec }) => selects(spec.selector?.matchLabels, labels));
  }

  private rules(
    policy: Resource<AuthorizationPolicySpec>,
    action: Rbac['action'],
    forTcp: boolean,
  ): Rbac['policies'][number][] {
    const { namespace, name, spec } = policy;
    const nameOf = (index: number) => `ns[${namespace}]-policy[${name}]-rule[${index}]`;
    // an ALLOW policy without rules is a rule that never matches: it denies everything
    if (!spec.rules?.length) {
      return action === 'ALLOW' ? [{ name: nameOf(0), ref: refTo(policy, 'spec'), condition: NEVER }] : [];
    }
    return spec.rules.flatMap((rule, index) => {
      const condition = ruleCondition(rule ?? {}, { action, forTcp, namespace, trustDomains: this.mesh.trustDomains });
      return condition ? [{ name: nameOf(index), ref: refTo(policy, `spec.rules[${index}]`), condition }] : [];
    });
  }
}

/** Whether a policy says by reference what it is about, in place of labels. */
const isTargeted = ({ targetRef, targetRefs }: AuthorizationPolicySpec): boolean =>
  targetRef !== undefined || (targetRefs?.length ?? 0) > 0;

interface RuleContext {
  readonly action: Rbac['action'];
  readonly forTcp: boolean;
  readonly namespace: string;
  /** The mesh's own first, then its aliases. */
  readonly trustDomains: readonly string[];
}

/** A list of `source` or `operation`, the one of what must not be, and their attribute. */
type Lists = readonly (readonly [list: string, negated: string, key: string])[];

const SOURCE: Lists = [
  ['principals', 'notPrincipals', 'source.principal'],
  ['requestPrincipals', 'notRequestPrincipals', 'request.auth.principal'],
  ['namespaces', 'notNamespaces', 'source.namespace'],
  ['serviceAccounts', 'notServiceAccounts', 'source.serviceAccount'],
  ['trustDomains', 'notTrustDomains', 'source.trustDomain'],
  ['ipBlocks', 'notIpBlocks', 'source.ip'],
  ['remoteIpBlocks', 'notRemoteIpBlocks', 'remote.ip'],
];
const OPERATION: Lists = [
  ['hosts', 'notHosts', 'host'],
  ['methods', 'notMethods', 'method'],
  ['paths', 'notPaths', 'path'],
  ['ports', 'notPorts', 'destination.port'],
];

/** What a rule asks of one attribute. */
interface Asked {
  readonly key: string;
  readonly values?: readonly string[];
  readonly notValues?: readonly string[];
}

/** `security/authz/model: Generate`; undefined where an ALLOW rule asks TCP for what only HTTP has: it is dropped. */
function ruleCondition(rule: PolicyRule, context: RuleContext): Condition | undefined {
  const when = rule.when ?? [];
  const from = (rule.from?.length ? rule.from : [{}]).map(({ source = {} }) => askedBy(source, SOURCE));
  const to = (rule.to?.length ? rule.to : [{}]).map(({ operation = {} }) => askedBy(operation, OPERATION));
  const isDropped =
    context.forTcp && context.action === 'ALLOW' && [when, ...from, ...to].some((all) => all.some(asksHttp));
  if (isDropped) return undefined;
  const each = (all: readonly Asked[]) => all.map((one) => askedCondition(one, context));
  const all: readonly Condition[] = [
    ...each(when),
    { any: from.map((one) => ({ all: each(one) })) },
    { any: to.map((one) => ({ all: each(one) })) },
  ];
  // tokens last: what is asked first divides most of what is explored, and few hosts of a gateway ask for tokens
  return { all: [...all.filter((one) => !asksTokens(one)), ...all.filter(asksTokens)] };
}

function asksTokens(condition: Condition): boolean {
  if ('all' in condition) return condition.all.some(asksTokens);
  if ('any' in condition) return condition.any.some(asksTokens);
  return 'not' in condition ? asksTokens(condition.not) : 'unknown' in condition;
}

function askedBy(lists: Readonly<Record<string, readonly string[] | undefined>>, known: Lists): Asked[] {
  const asked: Asked[] = [];
  for (const [list, negated, key] of known) {
    const [values, notValues] = [lists[list], lists[negated]];
    if (values || notValues) asked.push({ key, ...(values && { values }), ...(notValues && { notValues }) });
  }
  return asked;
}

const asksHttp = ({ key, values, notValues }: Asked): boolean =>
  !isOfConnections(key) && ((values?.length ?? 0) > 0 || (notValues?.length ?? 0) > 0);

/** One of the values, and none of the others. A DENY rule on TCP only loses what it cannot ask, and so denies more. */
function askedCondition({ key, values = [], notValues = [] }: Asked, context: RuleContext): Condition {
  if (context.forTcp && !isOfConnections(key)) return ALWAYS;
  const conditions = (list: readonly string[]) =>
    list.flatMap((value) =>
      meant(key, value, context.trustDomains).map((one) => attributeCondition(key, one, context.namespace)),
    );
  const [positive, negative] = [conditions(values), conditions(notValues)];
  if (negative.length === 0) return positive.length === 0 ? ALWAYS : { any: positive };
  return { all: [...(positive.length > 0 ? [{ any: positive }] : []), { not: { any: negative } }] };
}

/** What a value stands for, where the mesh has several trust domains (`authz/model: MigrateTrustDomain`). */
function meant(key: string, value: string, trustDomains: readonly string[]): readonly string[] {
  if (key === 'source.principal') return principalsOf(value, trustDomains);
  return key === 'source.trustDomain' ? trustDomainsOf(value, trustDomains) : [value];
}
