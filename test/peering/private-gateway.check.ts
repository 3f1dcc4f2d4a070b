import {
  Access,
  Callers,
  Cluster,
  Contract,
  ControlPlane,
  Credential,
  type Exposure,
  External,
  Fleet,
  Gateway,
  Identity,
  Istio,
  JwtRule,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  Routing,
  Rule,
  TrustBundle,
} from '../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const ca = TrustBundle.declared('ca');
const identity = Identity.spiffe('c1.example/egress');
const client = Credential.secret('client', { identity, signer: ca });
const files = Credential.files('files', { identity, signer: ca, directory: '/etc/certs' });
const server = Credential.secret('server', { identity: Identity.spiffe('c2.example/ingress'), signer: ca });
const tls = PeeringTls.mutual({ client, server });

const fleet = new Fleet();
const platform = Istio.v1_31();
const controlPlane = ControlPlane.existing('istio-system');
const consumer = new Mesh(new Cluster(fleet, 'c1'), 'c1', { platform, controlPlane });
const provider = new Mesh(new Cluster(fleet, 'c2'), 'c2', { platform, controlPlane });
const elsewhere = Mesh.external(fleet, 'c3', { trustDomain: 'c3.example' });
const egress = new Gateway(consumer, 'egress', { kind: 'egress', namespace: 'gateways' });
const ingress = new Gateway(provider, 'ingress', { kind: 'ingress', namespace: 'gateways' });
const host = 'c2.example.com';
const sides = { consumer, provider, egress, ingress, host };

const namespace = 'app';
const web = provider.service('web', { namespace, ports: [Port.http(8000)] });
const db = provider.service('db', { namespace, ports: [Port.tcp(9000)] });
const own = provider.service('own', { namespace, ports: [Port.tls(443)] });
const server9 = External.server({ host: 'api.bank.example', ports: [Port.http(443)] });

// what is right compiles
const peering = new PrivateGatewayPeering(fleet, 'right', { ...sides, tls });
const requests: Exposure<'http'> = peering.expose(web, { allow: [Access.http()] });
const bytes: Exposure<'tcp'> = peering.expose(db, { allow: [Access.tcp()], gatewayPort: 31400 });
const encrypted: Exposure<'tls'> = peering.expose(own, { allow: [], host: 'own.example' });
new PrivateGatewayPeering(fleet, 'provided', {
  consumer: elsewhere,
  provider,
  ingress,
  host,
  tls: PeeringTls.mutual({ client: new PeerEnd(identity, ca), server }),
});
const aliasOf = <P extends 'http' | 'tcp' | 'tls'>(name: string, port: Port<P>) =>
  consumer.alias(name, { namespace: 'web', port });
new Routing(consumer, 'db', { host: aliasOf('db', Port.tcp(1)), rules: [Rule.otherwise().to(bytes)] });
new Routing(consumer, 'own', { host: aliasOf('own', Port.tls(1)), rules: [Rule.otherwise().to(encrypted)] });

const jwtRules = [JwtRule.remote({ issuer: 'a', audiences: 'any', jwksUri: 'https://a.example/keys' })];
peering.expose(web, { allow: [], jwtRules, ipBlocks: ['10.0.0.1'], serverTls: { minProtocolVersion: 'TLSV1_3' } });
peering.expose(db, { allow: [], gatewayPort: 31401, remoteIpBlocks: ['10.0.0.1'] });
// @ts-expect-error bytes carry no token
peering.expose(db, { allow: [], gatewayPort: 31401, jwtRules });
// @ts-expect-error no peer sends clear text that could be redirected
peering.expose(web, { allow: [], httpsRedirect: true });

// requests are not bytes
// @ts-expect-error
new Routing(consumer, 'web-as-bytes', { host: aliasOf('a', Port.tcp(1)), rules: [Rule.otherwise().to(requests)] });
// @ts-expect-error
new Routing(consumer, 'bytes-as-web', { host: aliasOf('b', Port.http(1)), rules: [Rule.otherwise().to(bytes)] });

// only both sides' certificates tell peers apart
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'plain', { ...sides, tls: PeeringTls.plain() });
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'simple', { ...sides, tls: PeeringTls.simple({ server }) });
const optional = PeeringTls.mutual({ client, server, clientCertificate: 'optional' });
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'optional', { ...sides, tls: optional });
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'files', { ...sides, tls: PeeringTls.mutual({ client: files, server }) });

// pod labels do not reach a gateway
const callers = Callers.workload({ namespace: 'web', labels: { app: 'web' }, serviceAccounts: ['web'] });
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'workload', { ...sides, tls, callers });

// the provider is a mesh of ours, or a contract
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'server', { ...sides, provider: server9, tls });
// @ts-expect-error
new PrivateGatewayPeering(fleet, 'elsewhere', { consumer, provider: elsewhere, egress, host, tls });

// a contract needs our key pair and gateway
const contract = Contract.file('contracts/right.json');
PrivateGatewayPeering.fromContract(fleet, { consumer, contract, egress, client });
// @ts-expect-error
PrivateGatewayPeering.fromContract(fleet, { consumer, contract, egress });
// @ts-expect-error
PrivateGatewayPeering.fromContract(fleet, { consumer, contract, client });

// an exposure has no host to dial
// @ts-expect-error
export const dialled: string = requests.host;
