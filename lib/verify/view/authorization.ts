import { Memo, push } from '../memo';
import type { AuthorizationPolicySpec, PolicyRule } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { type Labels, type Ref, type Resource, refTo, selects } from '../world/resource';
import { ALWAYS, type Condition, NEVER } from './condition';
import { attributeCondition, NotOnTcp } from './policy-attributes';
import { principalsOf, trustDomainsOf } from './trust-domain-aliases';
import type { Rbac } from './types';

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
    return (['DENY', 'ALLOW'] as const).flatMap((action) => {
      const ofAction = chosen.filter(({ spec }) => (spec.action ?? 'ALLOW') === action);
      if (ofAction.length === 0) return [];
      const rules = ofAction.flatMap((policy) =>
        this.conditions.get(`${policy.namespace}/${policy.name} ${forTcp}`, () => this.rules(policy, action, forTcp)),
      );
      return [{ action, policies: rules, ref: refTo(ofAction[0], 'spec') }];
    });
  }

  /** Policies of which nobody here says what they do: CUSTOM ones, and those that are attached to targets. AUDIT decides nothing. */
  public unmodelled(namespace: string, labels: Labels): Ref[] {
    return this.inForce(namespace, labels).flatMap((policy) => {
      if (isTargeted(policy.spec)) return [refTo(policy, policy.spec.targetRef ? 'spec.targetRef' : 'spec.targetRefs')];
      return policy.spec.action === 'CUSTOM' ? [refTo(policy, 'spec.action', 'CUSTOM')] : [];
    });
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

/** Attribute of each list of `source` and `operation`. */
const SOURCE: readonly (readonly [string, string])[] = [
  ['principals', 'source.principal'],
  ['requestPrincipals', 'request.auth.principal'],
  ['namespaces', 'source.namespace'],
  ['serviceAccounts', 'source.serviceAccount'],
  ['trustDomains', 'source.trustDomain'],
  ['ipBlocks', 'source.ip'],
  ['remoteIpBlocks', 'remote.ip'],
];
const OPERATION: readonly (readonly [string, string])[] = [
  ['hosts', 'host'],
  ['methods', 'method'],
  ['paths', 'path'],
  ['ports', 'destination.port'],
];

/** `security/authz/model: Generate`; undefined where an ALLOW rule asks TCP for what only HTTP has: it is dropped. */
function ruleCondition(rule: PolicyRule, context: RuleContext): Condition | undefined {
  try {
    const when = (rule.when ?? []).map(({ key, values, notValues }) => listCondition(key, values, notValues, context));
    const from = (rule.from?.length ? rule.from : [{}]).map(({ source = {} }) => ({
      all: SOURCE.map(([list, key]) => listCondition(key, source[list], source[negated(list)], context)),
    }));
    const to = (rule.to?.length ? rule.to : [{}]).map(({ operation = {} }) => ({
      all: OPERATION.map(([list, key]) => listCondition(key, operation[list], operation[negated(list)], context)),
    }));
    return { all: [...when, { any: from }, { any: to }] };
  } catch (error) {
    if (error instanceof NotOnTcp) return undefined;
    throw error;
  }
}

const negated = (list: string): string => `not${list[0].toUpperCase()}${list.slice(1)}`;

/** One of the values, and none of the others. A DENY rule on TCP only loses what it cannot ask, and so denies more. */
function listCondition(
  key: string,
  values: readonly string[] | undefined,
  notValues: readonly string[] | undefined,
  context: RuleContext,
): Condition {
  const each = (list: readonly string[]): Condition[] =>
    list.flatMap((value) => {
      try {
        return meant(key, value, context.trustDomains).map((one) =>
          attributeCondition(key, one, context.forTcp, context.namespace),
        );
      } catch (error) {
        if (error instanceof NotOnTcp && context.action === 'DENY') return [];
        throw error;
      }
    });
  const positive = each(values ?? []);
  const negative = each(notValues ?? []);
  if (positive.length === 0 && negative.length === 0) return ALWAYS;
  return {
    all: [
      ...(positive.length > 0 ? [{ any: positive }] : []),
      ...(negative.length > 0 ? [{ not: { any: negative } }] : []),
    ],
  };
}

/** What a value stands for, where the mesh has several trust domains (`authz/model: MigrateTrustDomain`). */
function meant(key: string, value: string, trustDomains: readonly string[]): readonly string[] {
  if (key === 'source.principal') return principalsOf(value, trustDomains);
  return key === 'source.trustDomain' ? trustDomainsOf(value, trustDomains) : [value];
}
