import { bundles, type KindSchema, kinds, schema } from '../../../imports/schema';
import { isRecord } from '../../facts/record';
import { coreRules } from './core/core';
import { metadataRules } from './core/metadata';
import { podRules } from './core/pods';
import { Shapes } from './core/shapes';
import { Path } from './path';
import { type Problem, Report } from './problem';
import { type Check, type Findings, REQUIRED } from './schema/check';
import { compile } from './schema/compile';
import { hasNull, withoutNulls } from './schema/nulls';
import type { IstioObject } from './webhook/object';
import { Webhook } from './webhook/webhook';

/** A kind that the cluster serves. */
interface Served {
  readonly namespaced: boolean;
  readonly check: Check;
  /** The schema whose required fields the webhook's rules rely on, where the cluster serves another one. */
  readonly newest?: Check;
}

/** API groups of which bundles hold the kinds that are written here; their projects serve others, too. */
const PARTLY_KNOWN = ['cert-manager.io', 'route.openshift.io', 'sailoperator.io'];

/** The bundle that the webhook's rules are written for. */
const NEWEST = 'istio-1.31';

/**
 * Says whether the clusters of a platform would take an object, without asking one: what an API server with the
 * platform's CRDs and istiod's validating webhook answer to `kubectl apply` with strict validation.
 *
 * Schemas are compiled at first use and kept, so one instance judges the objects of all clusters of a platform.
 */
export class Admission {
  private readonly bundles: readonly string[];
  private readonly groups: ReadonlySet<string>;
  private readonly kinds: ReadonlySet<string>;
  private readonly webhook = new Webhook();
  private readonly shapes = new Shapes();
  private readonly served = new Map<string, Served | undefined>();

  /**
   * @param platformBundles CRD bundles that a cluster serves: `Platform.bundles`. The first that has a kind decides.
   * @throws if a bundle is none of `bundles()`.
   */
  constructor(platformBundles: readonly string[]) {
    const unknown = platformBundles.find((bundle) => !bundles().includes(bundle));
    if (unknown !== undefined) throw new Error(`bundle ${unknown} is not one of ${bundles().join(', ')}`);
    this.bundles = platformBundles;
    const known = bundles().flatMap((bundle) => kinds(bundle));
    this.groups = new Set(known.map(({ apiVersion }) => groupOf(apiVersion)));
    this.kinds = new Set(known.map(({ apiVersion, kind }) => `${kind}.${groupOf(apiVersion)}`));
  }

  /**
   * What is wrong with an object, errors and warnings; empty if the cluster takes it without a word. Of a kind that
   * neither a bundle nor Kubernetes itself has, only what every object has is looked at.
   *
   * @param object as parsed from YAML or JSON; it is not changed.
   */
  public judge(object: unknown): Problem[] {
    const core = new Report('core');
    if (!isRecord(object) || typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') {
      core.error(Path.ROOT, 'is no object of Kubernetes, expected apiVersion and kind');
      return core.problems;
    }
    const { apiVersion, kind } = object;
    const group = groupOf(apiVersion);
    const isForeign = PARTLY_KNOWN.includes(group) ? !this.kinds.has(`${kind}.${group}`) : !this.groups.has(group);
    if (isForeign) {
      // a field that is null is none
      const bare = withoutNulls(object) as Record<string, unknown>;
      coreRules(apiVersion, kind, bare, core);
      if (core.accepted) this.shapes.check(group, kind, object, core);
      if (core.accepted) podRules(group, kind, bare, core);
      return core.problems;
    }
    const served = this.find(apiVersion, kind);
    if (served === undefined) {
      core.error(
        Path.ROOT.at('apiVersion'),
        `is ${apiVersion}, of which the cluster serves no ${kind}: ${this.others(kind)}`,
      );
      return core.problems;
    }
    metadataRules(object.metadata, served.namespaced, 'subdomain', core);
    const hasNulls = hasNull(object);
    const [schema, rules] = [new Report('schema'), new Report('rule')];
    served.check(object, Path.ROOT, undefined, { schema, rules, hasNulls });
    // As in the API server: rules and webhook are asked about an object that keeps to the schema.
    if (core.problems.length > 0 || schema.problems.length > 0) return [...core.problems, ...schema.problems];
    if (rules.problems.length > 0) return rules.problems;
    const missing = missingFields(served, object, hasNulls);
    return missing.length > 0 ? missing : this.webhook.judge(group, kind, webhookView(object, hasNulls)).problems;
  }

  private find(apiVersion: string, kind: string): Served | undefined {
    const key = `${apiVersion} ${kind}`;
    if (!this.served.has(key)) this.served.set(key, this.load(apiVersion, kind));
    return this.served.get(key);
  }

  private load(apiVersion: string, kind: string): Served | undefined {
    for (const bundle of this.bundles) {
      const served = kinds(bundle).find((one) => one.apiVersion === apiVersion && one.kind === kind);
      if (served === undefined) continue;
      const found = schema(bundle, apiVersion, kind);
      if (found === undefined) continue;
      const { namespaced } = served;
      const newest = newestSchema(groupOf(apiVersion), kind);
      return { namespaced, check: compile(found), ...(newest && newest !== found && { newest: compile(newest) }) };
    }
    return undefined;
  }

  /** Versions of a kind that the cluster serves, for messages. */
  private others(kind: string): string {
    const versions = this.bundles.flatMap((bundle) => kinds(bundle).filter((served) => served.kind === kind));
    if (versions.length === 0) return `${this.bundles.join(', ')} have none`;
    return `it has ${versions.map(({ apiVersion }) => apiVersion).join(', ')}`;
  }
}

/** The API group of an API version; empty for the core group. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The schema of a kind of Istio in the bundle that the webhook's rules are written for. */
function newestSchema(group: string, kind: string): KindSchema | undefined {
  const newest = kinds(NEWEST).find((other) => other.kind === kind && groupOf(other.apiVersion) === group);
  return newest && schema(NEWEST, newest.apiVersion, kind);
}

/**
 * Fields that old schemas do not require and the webhook does: newer schemas require what the webhook has always refused
 * to miss.
 */
function missingFields({ newest }: Served, object: Record<string, unknown>, hasNulls: boolean): Problem[] {
  if (newest === undefined) return [];
  const findings: Findings = { schema: new Report('webhook'), rules: new Report('webhook'), hasNulls };
  newest(object, Path.ROOT, undefined, findings);
  return findings.schema.problems.filter(({ message }) => message === REQUIRED);
}

/** Fields that a schema requires within `spec`, as istiod sees them in an object that has no `spec` at all. */
const NO_SPEC = { host: '', hosts: [], url: '' };

function webhookView(object: Record<string, unknown>, hasNulls: boolean): IstioObject<unknown> {
  const { name = '', namespace = '', labels, annotations } = (object.metadata ?? {}) as Record<string, unknown>;
  return {
    name: String(name),
    namespace: String(namespace),
    labels: (labels ?? {}) as Record<string, string>,
    annotations: (annotations ?? {}) as Record<string, string>,
    spec: hasNulls ? withoutNulls(object.spec ?? NO_SPEC) : (object.spec ?? NO_SPEC),
  };
}
