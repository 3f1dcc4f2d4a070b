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
  text,
} from '../facts/guard';
import { wrongKind } from '../facts/kind-of';
import type {
  ExistingGatewayProps,
  GatewayOptions,
  GatewayProps,
  SmcpGatewayProps,
  WrittenService,
} from './gateway-options';

const GATEWAY: Guards<GatewayOptions> = {
  kind: oneOf('ingress', 'egress'),
  ports: optional(listOf(made('ports such as GatewayPort.https()', 'GatewayPort'))),
  address: optional(made("an address such as Address.hostname('…')", 'Address')),
  route: optional(made('a Route such as RouteFront.passthrough()', 'RouteFront')),
  denyByDefault: optional(flag),
  policies: optional(oneOf('AuthorizationPolicy', 'EnvoyFilter')),
  believesOtherRoots: optional(flag),
};

const SERVICE: Guards<WrittenService> = { externalTrafficPolicy: optional(oneOf('Cluster', 'Local')) };

const range: Guard = (value, where, what) => {
  listOf(number)(value, where, what);
  if ((value as number[]).length !== 2) throw wrongKind(value, where, what, 'fewest and most, such as [2, 5]');
};

/** What the options of a gateway that we deploy may be. */
export const OWN_GATEWAY: Guards<GatewayProps> = {
  ...GATEWAY,
  ...SERVICE,
  namespace: text,
  replicas: optional(range),
};

/** What those of a gateway in a ServiceMeshControlPlane may be. */
export const SMCP_GATEWAY: Guards<SmcpGatewayProps> = {
  ...GATEWAY,
  ...SERVICE,
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
