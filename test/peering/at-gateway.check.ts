import {
  Access,
  Cluster,
  ControlPlane,
  DirectPeering,
  External,
  Fleet,
  Gateway,
  Istio,
  JwtRule,
  Mesh,
  PeeringTls,
  Port,
} from '../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const fleet = new Fleet();
const provider = new Mesh(new Cluster(fleet, 'west'), 'partner', {
  platform: Istio.v1_31(),
  controlPlane: ControlPlane.existing('istio-system'),
});
const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
const web = provider.service('web', { namespace: 'broker', ports: [Port.http(8000)] });
const db = provider.service('db', { namespace: 'broker', ports: [Port.tcp(9000)] });
const secure = provider.service('secure', { namespace: 'broker', ports: [Port.tls(443)] });
const peering = new DirectPeering(fleet, 'peering', {
  consumer: External.client('client'),
  provider,
  ingress,
  tls: PeeringTls.plain(),
});
const jwtRules = [JwtRule.remote({ issuer: 'a', audiences: 'any', jwksUri: 'https://a.example/keys' })];
const http = { host: 'a.partner.example', allow: [Access.http()] };
const tcp = { host: 'a.partner.example', allow: [Access.tcp()] };

peering.expose(web, { ...http, jwtRules, ipBlocks: ['10.0.0.1'] });
peering.expose(db, { ...tcp, ipBlocks: ['10.0.0.1'] });
// @ts-expect-error bytes carry no token
peering.expose(db, { ...tcp, jwtRules });
// @ts-expect-error the gateway does not see requests inside of TLS that it passes on
peering.expose(secure, { ...tcp, jwtRules });
// @ts-expect-error bytes are not redirected
peering.expose(db, { ...tcp, httpsRedirect: true });
// @ts-expect-error proxies speak none older
peering.expose(web, { ...http, serverTls: { maxProtocolVersion: 'TLSV1_1' } });
// @ts-expect-error keys come from somewhere
JwtRule.inline({ issuer: 'a', audiences: 'any' });
// @ts-expect-error whom tokens are for is said
JwtRule.inline({ issuer: 'a', jwks: '{}' });
