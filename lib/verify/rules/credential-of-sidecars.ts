import { commonViewer, viewersOf } from '../objects/exports';
import { type ClusterInput, type Found, objectsOf } from '../objects/objects';
import { writtenByHand } from '../objects/written-by-hand';
import { at, type ClusterRule } from '../rule';
import { asksForGateway } from '../world/injection';
import type { DestinationRuleSpec } from '../world/istio-types';

/** A key pair by Secret for callers that are sidecars, which read one only where a DestinationRule selects them. */
export const credentialOfSidecars: ClusterRule = {
  code: 'MESH3071',
  severity: 'warning',
  scope: 'cluster',
  title: 'key pair in a Secret that sidecars do not read',
  why: 'without workloadSelector a sidecar leaves the TLS out altogether: it sends clear text to a port that expects TLS, 400 or 503',
  fix: 'add a workloadSelector and let the ServiceAccount of its pods list Secrets, or mount files',
  inProgram: 'Callers.workload writes both',
  reads: ['Deployment', 'DestinationRule', 'Gateway'],
  check: (input) => {
    const gateways = new Set(
      input.facts.meshes.flatMap(({ cluster, gateways: all }) => all.map(({ namespace }) => `${cluster}/${namespace}`)),
    );
    const isByHand = writtenByHand(input);
    const isOfSidecars = namespacesOfSidecars(input);
    return objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io').flatMap((rule) => {
      const { cluster, namespace, ref, spec } = rule;
      const secret = secretOf(rule);
      // gateways read Secrets of their namespace; where nothing is known of gateways, nothing can be said
      const isOfGateway =
        gateways.has(`${cluster}/${namespace}`) &&
        commonViewer(viewersOf(spec.exportTo, namespace), new Set([namespace])) !== undefined;
      if (secret === undefined || spec.workloadSelector || isOfGateway || (isByHand(rule) && !isOfSidecars(rule)))
        return [];
      return [
        {
          objects: [at(ref, secret.field)],
          message: `${ref} names Secret '${secret.name}' for '${spec.host}' without a workloadSelector, and no gateway of namespace '${namespace}' takes it: its callers are sidecars`,
        },
      ];
    });
  },
};

/** Whether only pods with sidecars take a rule that is written by hand: its namespace has pods, and no gateway. */
function namespacesOfSidecars(input: ClusterInput): (rule: Found<DestinationRuleSpec>) => boolean {
  const place = ({ cluster, namespace }: Found<object>) => `${cluster}/${namespace}`;
  const deployments = objectsOf<DeploymentSpec>(input, 'Deployment', 'apps');
  const isGateway = ({ spec }: Found<DeploymentSpec>) => asksForGateway(spec.template?.metadata?.annotations ?? {});
  const gateways = new Set([
    ...objectsOf(input, 'Gateway', 'networking.istio.io').map(place),
    ...deployments.filter(isGateway).map(place),
  ]);
  const pods = new Set(deployments.filter((one) => !isGateway(one)).map(place));
  return (rule) => {
    const viewers = viewersOf(rule.spec.exportTo, rule.namespace);
    const isPrivate = viewers.size === 1 && viewers.has(rule.namespace);
    return isPrivate && pods.has(place(rule)) && !gateways.has(place(rule));
  };
}

interface DeploymentSpec {
  readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
}

function secretOf({ spec: { trafficPolicy } }: Found<DestinationRuleSpec>) {
  const policy = 'spec.trafficPolicy';
  const ports = (trafficPolicy?.portLevelSettings ?? []).map(
    ({ tls }, index) => ({ tls, path: `${policy}.portLevelSettings[${index}]` }) as const,
  );
  return [{ tls: trafficPolicy?.tls, path: policy }, ...ports].flatMap(({ tls, path }) => {
    const name = tls?.credentialName;
    return name && !name.startsWith('configmap://') ? [{ name, field: `${path}.tls.credentialName` }] : [];
  })[0];
}
