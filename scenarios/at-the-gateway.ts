import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  type Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  Identity,
  Istio,
  JwtRule,
  Mesh,
  Ossm,
  PeerEnd,
  PeeringTls,
  type Platform,
  Port,
  RouteFront,
  type ServerEnd,
  TrustBundle,
} from '../lib';
import { AGENCY_KEYS } from './token-keys';

const CA = TrustBundle.declared('partner-ca');
const key = (name: string) =>
  Credential.secret(name, { identity: Identity.dns(`${name}.partner.example`), signer: CA });

/** A host of the partner, with a key pair of its own. */
const at = (name: string) => ({ host: `${name}.partner.example`, credential: key(name) });

/** The partner's gateway, which keeps the addresses of callers. */
const KEEPS_ADDRESSES = {
  ports: [GatewayPort.http(), GatewayPort.https()],
  externalTrafficPolicy: 'Local',
} as const satisfies Partial<GatewayProps>;

interface Partners {
  readonly platform?: Platform;
  readonly gateway?: Partial<GatewayProps>;
  /** Who shows a certificate to callers. */
  readonly server?: ServerEnd;
}

/** An agency, whose desk calls a partner through the partner's public gateway. */
function agencyAndPartner(fleet: Fleet, partners: Partners = {}) {
  const { platform = Istio.v1_31(), gateway = KEEPS_ADDRESSES, server = key('status') } = partners;
  const mesh = (name: string) =>
    new Mesh(new Cluster(fleet, name), name, { platform, controlPlane: ControlPlane.existing('istio-system') });
  const [agency, partner] = [mesh('agency'), mesh('partner')];
  partner.namespace('gateways', { create: true });
  const ingress = new Gateway(partner, 'public', {
    kind: 'ingress',
    namespace: 'gateways',
    ...gateway,
  });
  const peering = new DirectPeering(fleet, 'partner', {
    consumer: agency,
    provider: partner,
    ingress,
    tls: PeeringTls.simple({ server }),
    callers: Callers.workload({ namespace: 'desk', labels: { app: 'desk' }, serviceAccounts: ['desk'] }),
  });
  const service = (name: string) => partner.service(name, { namespace: 'broker', ports: [Port.http(8000)] });
  return { agency, partner, peering, service };
}

/** Who may call depends on where the call comes from: the agency's network, or clients behind its proxy. */
export function addresses(fleet: Fleet): void {
  const { partner, peering, service } = agencyAndPartner(fleet);
  const read = [Access.http({ methods: ['GET'] })];
  peering.expose(service('quotes'), { ...at('quotes'), allow: read, ipBlocks: ['10.44.1.0/24'] });
  peering.expose(service('reports'), {
    ...at('reports'),
    allow: read,
    ipBlocks: ['10.44.1.0/24'],
    remoteIpBlocks: ['203.0.113.0/24', '2001:db8:7::/48'],
  });
  peering.expose(service('status'), { ...at('status'), allow: read });
  const ledger = partner.service('ledger', { namespace: 'broker', ports: [Port.tcp(9000)] });
  peering.expose(ledger, {
    ...at('ledger'),
    allow: [Access.tcp()],
    wholePort: true,
    ipBlocks: ['10.44.1.0/24'],
  });
}

/** Public keys of another issuer. */
const BANK_KEYS = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'bank',
      x: 'Di-OrXT1SjcCWi53D11TIe7oKqRX2wO1MiKgAGvuVBs',
      y: 'aEOrLfHX5xmYLsVfScJ4DHsD5Sbri_Gxl55qoJDaf4g',
    },
  ],
};

/** Tokens of the agency for one of the partner's services. */
const agencyToken = (audience: string) =>
  JwtRule.inline({ issuer: 'https://login.agency.example', audiences: [audience], jwks: JSON.stringify(AGENCY_KEYS) });

/** Who may call depends on the token that a request carries: each exposure believes its own issuers and audiences. */
export function tokens(fleet: Fleet): void {
  const { peering, service } = agencyAndPartner(fleet);
  const allow = [Access.http({ methods: ['GET'] })];
  peering.expose(service('orders'), { ...at('orders'), allow, jwtRules: [agencyToken('orders')] });
  peering.expose(service('invoices'), { ...at('invoices'), allow, jwtRules: [agencyToken('invoices')] });
  const bankToken = JwtRule.inline({
    issuer: 'https://login.bank.example/tokens',
    audiences: ['rates'],
    jwks: JSON.stringify(BANK_KEYS),
    fromHeaders: [{ name: 'x-bank-token' }],
    forwardOriginalToken: true,
  });
  peering.expose(service('rates'), { ...at('rates'), allow, jwtRules: [bankToken, agencyToken('rates')] });
  peering.expose(service('status'), { ...at('status'), allow });
}

/** What clients see: requests in clear text are led to https; one host speaks TLS 1.3 alone, one for old clients does not. */
export function clients(fleet: Fleet): void {
  const { peering, service } = agencyAndPartner(fleet);
  const allow = [Access.http({ methods: ['GET'] })];
  peering.expose(service('modern'), {
    ...at('modern'),
    allow,
    httpsRedirect: true,
    serverTls: { minProtocolVersion: 'TLSV1_3' },
  });
  peering.expose(service('legacy'), {
    ...at('legacy'),
    allow,
    serverTls: {
      maxProtocolVersion: 'TLSV1_2',
      cipherSuites: ['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    },
  });
  peering.expose(service('status'), { ...at('status'), allow, httpsRedirect: true, ipBlocks: ['10.44.1.0/24'] });
}

/** The issuer publishes its keys: istiod fetches them, and finds out when they change. */
export function publishedKeys(fleet: Fleet): void {
  const { peering, service } = agencyAndPartner(fleet);
  const published = JwtRule.remote({
    issuer: 'https://login.agency.example',
    audiences: ['orders'],
    jwksUri: 'https://login.agency.example/keys',
  });
  const unreachable = JwtRule.remote({
    issuer: 'https://login.nowhere.example',
    audiences: ['invoices'],
    jwksUri: 'https://login.nowhere.example/keys',
    fromHeaders: [{ name: 'x-bank-token' }],
  });
  const allow = [Access.http({ methods: ['GET'] })];
  peering.expose(service('orders'), { ...at('orders'), allow, jwtRules: [published] });
  peering.expose(service('invoices'), { ...at('invoices'), allow, jwtRules: [unreachable] });
}

/**
 * On OpenShift Service Mesh 3, behind a Route whose router ends TLS: it tells who called, and redirects; the gateway asks for
 * the address that it is told, and for tokens.
 */
export function behindRouter(fleet: Fleet): void {
  const { agency, partner, peering, service } = agencyAndPartner(fleet, {
    platform: Ossm.v3_2(),
    gateway: { route: RouteFront.edge() },
    // the router shows its own certificate, for *.apps.example
    server: new PeerEnd(Identity.dns('orders.apps.example'), TrustBundle.declared('router-ca')),
  });
  const allow = [Access.http({ methods: ['GET'] })];
  agency.namespace('desk', { create: true });
  partner.namespace('broker', { create: true });
  peering.expose(service('orders'), {
    ...{ host: 'orders.apps.example', allow, httpsRedirect: true },
    remoteIpBlocks: ['203.0.113.0/24', '10.44.1.0/24'],
    jwtRules: [agencyToken('orders')],
  });
}
