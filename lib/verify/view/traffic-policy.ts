import type { MergedRule } from '../scope/destination-rules';
import type { PortPolicy, Subset, TrafficPolicy } from '../world/istio-types';

/** The policy of a port: its own settings replace the four policies as a whole (`networking/util: MergeSubsetTrafficPolicy`). */
export function portPolicy(
  policy: TrafficPolicy | undefined,
  port: number,
): { policy?: PortPolicy; isOfPort: boolean } {
  const own = policy?.portLevelSettings?.find((one) => one.port?.number === port);
  if (!own) return { ...(policy ? { policy } : {}), isOfPort: false };
  const { connectionPool, loadBalancer, outlierDetection, tls } = own;
  return { policy: defined({ connectionPool, loadBalancer, outlierDetection, tls }), isOfPort: true };
}

/** Policies of a subset over those of the rule, for a port. */
export function subsetPolicy(
  rule: PortPolicy | undefined,
  subset: TrafficPolicy | undefined,
  port: number,
): PortPolicy | undefined {
  if (!subset) return rule;
  const { policy: own = {}, isOfPort } = portPolicy(subset, port);
  if (!rule || isOfPort) return own;
  return {
    ...rule,
    ...defined({
      connectionPool: own.connectionPool,
      loadBalancer: own.loadBalancer,
      outlierDetection: own.outlierDetection,
      tls: own.tls,
    }),
  };
}

const defined = (policy: { [Field in keyof PortPolicy]: PortPolicy[Field] | undefined }): PortPolicy =>
  Object.fromEntries(Object.entries(policy).filter(([, value]) => value !== undefined));

/** The subset of a rule by name. */
export const subsetOf = (rule: MergedRule | undefined, name: string): Subset | undefined =>
  rule?.spec.subsets?.find((subset) => subset.name === name);

/**
 * The TLS mode by which endpoints are counted as mTLS: it reads the rule itself, not the merged policy
 * (`xds/endpoints/mtls_checker.go: tlsModeForDestinationRule`).
 */
export function tlsModeForEndpoints(rule: MergedRule | undefined, subset: string, port: number): string | undefined {
  if (!rule) return undefined;
  if (!subset) return modeIn(rule.spec.trafficPolicy, port);
  const found = subsetOf(rule, subset);
  return found && (modeIn(found.trafficPolicy, port) ?? modeIn(rule.spec.trafficPolicy, port));
}

function modeIn(policy: TrafficPolicy | undefined, port: number): string | undefined {
  const ofPort = policy?.portLevelSettings?.find((one) => one.port?.number === port && one.tls);
  const tls = ofPort?.tls ?? policy?.tls;
  return tls && (tls.mode ?? 'DISABLE');
}
