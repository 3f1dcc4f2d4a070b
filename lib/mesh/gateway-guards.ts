import { MeshError } from '../facts/error';
import {
  anything,
  flag,
  type Guard,
  type Guards,
  listOf,
  made,
  mapOf,
  number,
  oneOf,
  optional,
  options,
  text,
} from '../facts/guard';
import { requireObject, wrongKind } from '../facts/kind-of';
import type {
  ExistingGatewayProps,
  GatewayOptions,
  GatewayPodOptions,
  GatewayProps,
  SmcpGatewayProps,
  WrittenService,
} from './gateway-options';

import { SERVICE_FRONT } from './load-balancer';
import { NODE_PLACEMENT, PLACEMENT } from './placement';
import { RESOURCES } from './resources';
import { SERVER_TLS } from './server-tls';

const GATEWAY: Guards<GatewayOptions> = {
  kind: oneOf('ingress', 'egress'),
  ports: optional(listOf(made('ports such as GatewayPort.https()', 'GatewayPort'))),
  address: optional(made("an address such as Address.hostname('…')", 'Address')),
  route: optional(made('a Route such as RouteFront.passthrough()', 'RouteFront')),
  denyByDefault: optional(flag),
  policies: optional(oneOf('AuthorizationPolicy', 'EnvoyFilter')),
  believesOtherRoots: optional(flag),
  serverTls: optional(options(SERVER_TLS)),
};

const SERVICE: Guards<WrittenService> = {
  ...SERVICE_FRONT,
  externalTrafficPolicy: optional(oneOf('Cluster', 'Local')),
};

const range: Guard = (value, where, what) => {
  listOf(number)(value, where, what);
  if ((value as number[]).length !== 2) throw wrongKind(value, where, what, 'fewest and most, such as [2, 5]');
};

const PODS: Guards<GatewayPodOptions> = { podAnnotations: optional(mapOf(text)), resources: optional(RESOURCES) };

/** What the options of a gateway that we deploy may be. */
export const OWN_GATEWAY: Guards<GatewayProps> = {
  ...GATEWAY,
  ...SERVICE,
  ...PODS,
  ...PLACEMENT,
  loadBalancerClass: optional(text),
  namespace: text,
  replicas: optional(range),
  isInner: optional(flag),
};

/** What those of a gateway in a ServiceMeshControlPlane may be. */
export const SMCP_GATEWAY: Guards<SmcpGatewayProps> = {
  ...GATEWAY,
  ...SERVICE,
  ...PODS,
  ...NODE_PLACEMENT,
  service: anything,
  requestedNetworkView: anything,
};

/** What those of a gateway that exists may be. */
export const EXISTING_GATEWAY: Guards<ExistingGatewayProps> = {
  ...GATEWAY,
  namespace: text,
  selector: mapOf(text),
  service: optional(text),
  serviceAccount: optional(text),
};

/** Options of a deployment: `Gateway.existing` has none of them, a ServiceMeshControlPlane some. */
const OF_DEPLOYMENTS = [...Object.keys({ ...SERVICE, ...PODS, ...PLACEMENT }), 'loadBalancerClass', 'replicas'];

/**
 * Refuses options that would do nothing, which the compiler does not let through.
 *
 * @param fitting guards of the options that do something.
 * @throws MESH1169 naming the first.
 */
export function refuseNotOurs(props: object, where: string, because: string, fitting: object = {}): void {
  requireObject(props, where, 'what is stated', 'an object with options');
  const values = props as Record<string, unknown>;
  const stated = OF_DEPLOYMENTS.find((option) => values[option] !== undefined && !(option in fitting));
  if (stated === undefined) return;
  throw new MeshError('MESH1169', where, `'${stated}' is stated, but ${because}; leave it out`);
}
