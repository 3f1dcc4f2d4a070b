import type { Chart } from 'cdk8s';
import { ClusterIssuer } from '../../imports/cert-manager';
import * as istio from '../../imports/istio';

/** Compiled, not run: the type check of the repository fails when one of these starts to compile, or stops. */
export function types(): unknown[] {
  const hosts: readonly string[] = ['reviews'];
  const tls: istio.ClientTLSSettings = { mode: 'MUTUAL', credentialName: 'client', subjectAltNames: hosts };
  const match: istio.HTTPMatchRequest = { uri: { prefix: '/api' }, headers: { 'x-user': { exact: 'jason' } } };
  const policy: istio.TrafficPolicy = {
    tls,
    outlierDetection: { consecutive5xxErrors: 5 },
    loadBalancer: { consistentHash: { httpHeaderName: 'x', ringHash: { minimumRingSize: 1 } } },
  };
  return [
    match,
    policy,
    // @ts-expect-error a misspelt field
    { mode: 'SIMPLE', credentialsName: 'a' } satisfies istio.ClientTLSSettings,
    // @ts-expect-error a value that is not in the enum
    { mode: 'MUTAL' } satisfies istio.ClientTLSSettings,
    // @ts-expect-error two of a choice
    { exact: 'a', prefix: 'b' } satisfies istio.StringMatch,
    // @ts-expect-error two of a choice, beside fields that are none
    { simple: 'RANDOM', consistentHash: { useSourceIp: true } } satisfies istio.LoadBalancerSettings,
    // @ts-expect-error a missing required field
    { subsets: [] } satisfies istio.DestinationRuleSpec,
    // @ts-expect-error a version that is not served
    { spec: { host: 'a' }, apiVersion: 'networking.istio.io/v2' } satisfies istio.DestinationRuleProps,
    // @ts-expect-error a namespace for a cluster-scoped kind
    (chart: Chart) => new ClusterIssuer(chart, 'x', { metadata: { namespace: 'a' }, spec: { selfSigned: {} } }),
    // @ts-expect-error a spec is required
    (chart: Chart) => new istio.Gateway(chart, 'x', {}),
  ];
}
