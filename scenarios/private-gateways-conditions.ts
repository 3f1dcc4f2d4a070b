import {
  Access,
  type Exposure,
  type Fleet,
  type GatewayRendering,
  JwtRule,
  Ossm,
  type Platform,
  Port,
  Routing,
  Rule,
} from '../lib';
import { connect, consumer, provider } from './private-gateways';
import { bind } from './private-gateways-http';
import { AGENCY_KEYS } from './token-keys';

/** A stolen certificate is of no use elsewhere: c1 may call from its own network, as its gateway tells of its own pods. */
function addressed(fleet: Fleet, policies: GatewayRendering, platform?: Platform) {
  const c2 = provider(fleet, 'c2', {
    platform,
    policies,
    serverTls: { minProtocolVersion: 'TLSV1_3' },
    externalTrafficPolicy: 'Local',
  });
  if (platform) c2.mesh.namespace('sample', { create: true });
  const [c1, c3] = [consumer(fleet, 'c1', platform), consumer(fleet, 'c3', platform)];
  const [fromC1, fromC3] = [connect(fleet, c1, c2), connect(fleet, c3, c2)];
  const allow = [Access.http({ methods: ['GET'] })];
  const service = (name: string) => c2.mesh.service(name, { namespace: 'sample', ports: [Port.http(8000)] });
  const bindHttp = (name: string, to: Exposure<'http'>) => bind(c1.mesh, name, 8000, to);

  bindHttp('quotes', fromC1.expose(service('quotes'), { allow, ipBlocks: ['10.44.1.0/24'] }));
  bindHttp(
    'reports',
    fromC1.expose(service('reports'), { allow, remoteIpBlocks: ['10.44.1.0/24', '2001:db8:7::/48'] }),
  );
  const ledger = fromC1.expose(c2.mesh.service('ledger', { namespace: 'sample', ports: [Port.tcp(9000)] }), {
    allow: [Access.tcp()],
    gatewayPort: 31400,
    ipBlocks: ['10.44.1.0/24'],
    serverTls: { maxProtocolVersion: 'TLSV1_2' },
  });
  new Routing(c1.mesh, 'ledger', {
    host: c1.mesh.alias('ledger', { namespace: 'default', port: Port.tcp(9000) }),
    rules: [Rule.otherwise().to(ledger)],
  });
  bind(c3.mesh, 'status', 8000, fromC3.expose(service('status'), { allow }));
  return { c3, fromC1, fromC3, allow, service, bindHttp };
}

/** The policies of the ingress gateway are AuthorizationPolicies: tokens can be asked for, of each peer its own. */
function withTokens(fleet: Fleet, platform?: Platform): void {
  const { c3, fromC1, fromC3, allow, service, bindHttp } = addressed(fleet, 'AuthorizationPolicy', platform);
  const agencyToken = JwtRule.inline({
    issuer: 'https://login.agency.example',
    audiences: ['orders'],
    jwks: JSON.stringify(AGENCY_KEYS),
  });
  const orders = service('orders');
  bindHttp('orders', fromC1.expose(orders, { allow, jwtRules: [agencyToken] }));
  bind(c3.mesh, 'orders', 8000, fromC3.expose(orders, { allow }));
}

export const authorizationPolicy = (fleet: Fleet): void => withTokens(fleet);

/** On OpenShift Service Mesh 3. */
export const ossm3 = (fleet: Fleet): void => withTokens(fleet, Ossm.v3_2());

/** They are one EnvoyFilter. */
export const envoyFilter = (fleet: Fleet): void => void addressed(fleet, 'EnvoyFilter');
