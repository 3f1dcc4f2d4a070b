import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import type { AccessFacts } from '../../facts/access';
import type { MeshChart } from '../../fleet/mesh-chart';
import { type EgressCallers, principals } from './egress-callers';
import { type PassagePart, portOf } from './passage-parts';

/** Whom an egress gateway lets through, and what they may do there. */
export interface PassagePolicy extends PassagePart {
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** What they may do, where nothing of ours behind the gateway says it; absent: whatever they call. Empty: nothing. */
  readonly access?: readonly AccessFacts[];
}

/** What the gateway tells a passage apart by. */
export interface PassageName {
  /** Authorities of requests. */
  readonly authorities: string[];
  /** Server name of the Gateway resource that takes it. */
  readonly server: string;
  /** SNI of the way to the gateway: the server name, or one below it. */
  readonly sni: string;
}

/**
 * Who may use the gateway for a host, where it denies by default: by identity where it ends TLS; by host, method and path
 * of requests, else by SNI. Without access rules there is nothing to add to what denies everything.
 */
export function writePassagePolicy(chart: MeshChart, policy: PassagePolicy, name: () => PassageName): void {
  const { egress, label, access = [undefined] } = policy;
  if (!egress.denyByDefault || access.length === 0) return;
  new istio.AuthorizationPolicy(chart, `AuthorizationPolicy ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('AuthorizationPolicy'),
    metadata: { name: label, namespace: egress.namespace },
    spec: {
      selector: { matchLabels: egress.selector },
      action: 'ALLOW',
      rules: Lazy.any({
        produce: () => access.map((rule) => ({ ...whoOf(policy, rule), ...whatOf(policy, rule, name()) })),
      }),
    },
  });
}

/** The application's own TLS shows nobody. */
function whoOf({ as, egress, callers }: PassagePolicy, rule: AccessFacts | undefined) {
  if (as === 'passthrough') return {};
  return { from: [{ source: { principals: rule?.from ?? principals(egress.mesh.trustDomain, callers) } }] };
}

function whatOf(policy: PassagePolicy, rule: AccessFacts | undefined, { authorities, server }: PassageName) {
  const ports = [String(portOf(policy).targetPort)];
  if (policy.as !== 'http') {
    // a server at another port may take that SNI, too, and is not meant
    return { to: [{ operation: { ports } }], when: [{ key: 'connection.sni', values: [server] }] };
  }
  const operation = {
    hosts: authorities,
    ports,
    ...(rule?.methods && { methods: rule.methods }),
    ...(rule?.paths && { paths: rule.paths }),
  };
  return { to: [{ operation }] };
}
