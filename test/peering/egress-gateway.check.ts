import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  type Exposure,
  External,
  Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../lib';
import { Contract } from '../../lib/facts/contract';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const ca = TrustBundle.declared('partner-ca');
const identity = Identity.spiffe('agency.example/egress');
const client = Credential.secret('client', { identity, signer: ca });
const issued = Credential.certManager('issued', { identity, signer: ca, issuer: { name: 'issuer' } });
const files = Credential.files('files', { identity, signer: ca, directory: '/etc/certs' });
const server = Credential.secret('server', { identity: Identity.dns('a.partner.example'), signer: ca });
const bankEnd = new PeerEnd(Identity.dns('api.bank.example'), TrustBundle.system());

const fleet = new Fleet();
const platform = Istio.v1_31();
const controlPlane = ControlPlane.existing('istio-system');
const consumer = new Mesh(new Cluster(fleet, 'east'), 'agency', { platform, controlPlane });
const provider = new Mesh(new Cluster(fleet, 'west'), 'partner', { platform, controlPlane });
const elsewhere = Mesh.external(fleet, 'shop', { trustDomain: 'shop.example' });
const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
const sides = { consumer, provider, egress, ingress };

const http = Port.http(8000);
const tcp = Port.tcp(9000);
const tls = Port.tls(443);
const namespace = 'broker';
const web = provider.service('web', { namespace, ports: [http] });
const db = provider.service('db', { namespace, ports: [tcp] });
const nginx = provider.service('nginx', { namespace, ports: [tls] });
const both = provider.service('both', { namespace, ports: [http, tls] });
const local = consumer.service('local', { namespace: 'travel', ports: [http] });
const bank = External.server({ host: 'api.bank.example', ports: [http] });

const exposed = { host: 'a.partner.example', allow: [Access.http()] };
const passedOn = PeeringTls.application({ server: Identity.dns('a.partner.example') });
const mutual = new EgressGatewayPeering(fleet, 'mutual', { ...sides, tls: PeeringTls.mutual({ client, server }) });
const application = new EgressGatewayPeering(fleet, 'application', { ...sides, tls: passedOn });

// what is right compiles
const exposure: Exposure<'http'> = mutual.expose(web, exposed);
const passed: Exposure<'tls'> = application.expose(nginx, exposed);
const bytes: Exposure<'tcp'> = mutual.expose(db, { ...exposed, virtualIp: '240.1.2.3' });
new EgressGatewayPeering(fleet, 'bytes', { ...sides, tls: PeeringTls.plain() }).expose(db, {
  ...exposed,
  gatewayPort: 31400,
});
const localDb = consumer.service('db', { namespace: 'travel', ports: [tcp] });
new Routing(consumer, 'db', { host: localDb, rules: [Rule.otherwise().to(bytes)] });
mutual.expose(both.at(http), exposed);
application.expose(both.at(tls), exposed);
new Routing(consumer, 'local', { host: local, rules: [Rule.otherwise().to(exposure)] });
new EgressGatewayPeering(fleet, 'issued', { ...sides, tls: PeeringTls.mutual({ client: issued, server }) });
new EgressGatewayPeering(fleet, 'simple', { ...sides, tls: PeeringTls.simple({ server }) });
new EgressGatewayPeering(fleet, 'plain', { ...sides, tls: PeeringTls.plain() }).expose(web, exposed);
new EgressGatewayPeering(fleet, 'bank', {
  consumer,
  provider: bank,
  egress,
  tls: PeeringTls.mutual({ client, server: bankEnd }),
  callers: Callers.serviceAccounts('travel/web'),
  onlyWayOut: ['travel'],
}).expose(bank, exposed);
new EgressGatewayPeering(fleet, 'provided', {
  consumer: elsewhere,
  provider,
  ingress,
  tls: PeeringTls.mutual({ client: new PeerEnd(identity, ca), server }),
});
const contract = Contract.parse('{}', 'contracts/premium.json');
EgressGatewayPeering.fromContract(fleet, { consumer, egress, contract, client });

// ---- how the hop behind the gateway is protected

// @ts-expect-error a gateway reads Secrets, no mounted files
new EgressGatewayPeering(fleet, 'x', { ...sides, tls: PeeringTls.mutual({ client: files, server }) });
// @ts-expect-error nor with the contract of the provider
EgressGatewayPeering.fromContract(fleet, { consumer, egress, contract, client: files });
// what a gateway cannot do, a sidecar can
new DirectPeering(fleet, 'files', { ...sides, tls: PeeringTls.mutual({ client: files, server }) });
// @ts-expect-error whether the hop is protected is always said
new EgressGatewayPeering(fleet, 'x', sides);
// @ts-expect-error look-alikes do not pass (nominal)
new EgressGatewayPeering(fleet, 'x', { ...sides, tls: { mode: 'plain' } });

// ---- what the hop carries

// @ts-expect-error an http service through a hop of the application's own TLS
application.expose(web, exposed);
// @ts-expect-error an http server in no mesh through a hop of the application's own TLS
application.expose(bank, exposed);
// @ts-expect-error the TLS of an application through a hop that the gateway encrypts
mutual.expose(nginx, exposed);
// @ts-expect-error a tcp service through a hop of the application's own TLS
application.expose(db, exposed);
// @ts-expect-error bytes are no requests
Rule.paths(['/']).to(bytes);
// @ts-expect-error nor are requests bytes
new Routing(consumer, 'x', { host: localDb, rules: [Rule.otherwise().to(exposure)] });
// @ts-expect-error the address of a host is the consumer's business, and a text
mutual.expose(db, { ...exposed, virtualIp: 240 });
// @ts-expect-error whether a host takes its port is no word
mutual.expose(db, { ...exposed, wholePort: 'yes' });
// @ts-expect-error a service with two ports: say which one
mutual.expose(both, exposed);
// @ts-expect-error an http rule to the TLS of an application
Rule.paths(['/']).to(passed);
// @ts-expect-error who may call is always said
mutual.expose(web, { host: 'a.partner.example' });

// ---- proxies of the company

const through = External.proxy({ address: Address.hostname('proxy.company.example'), port: 3128 });
new EgressGatewayPeering(fleet, 'through', { ...sides, tls: passedOn, through });
EgressGatewayPeering.fromContract(fleet, { consumer, egress, contract, through });
// @ts-expect-error a URL is no proxy
new EgressGatewayPeering(fleet, 'x', { ...sides, tls: passedOn, through: 'http://proxy.company.example:3128' });
// @ts-expect-error a proxy listens on a port
External.proxy({ address: Address.hostname('proxy.company.example') });
// @ts-expect-error a proxy is no server that calls lead to
new EgressGatewayPeering(fleet, 'x', { ...sides, provider: through, tls: passedOn });

// ---- ports of one host

new Routing(consumer, 'ports', { host: [exposure, exposure], rules: [Rule.port(http).to(exposure)] });

// ---- parties

// @ts-expect-error a client in no mesh has no egress gateway
new EgressGatewayPeering(fleet, 'x', { ...sides, consumer: External.client('till'), tls: passedOn });
// @ts-expect-error a server in no mesh does not call
new EgressGatewayPeering(fleet, 'x', { ...sides, consumer: bank, tls: passedOn });
// @ts-expect-error a name is no gateway
new EgressGatewayPeering(fleet, 'x', { ...sides, egress: 'out', tls: passedOn });
// @ts-expect-error the consumer's half has an egress gateway
EgressGatewayPeering.fromContract(fleet, { consumer, contract });
// @ts-expect-error the consumer's half is written for a mesh of ours
EgressGatewayPeering.fromContract(fleet, { consumer: elsewhere, egress, contract });

// ---- callers: the gateway sees identities, no pod labels; a sidecar is selected by labels, no identity

const workload = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });
// @ts-expect-error pod labels do not reach a gateway
new EgressGatewayPeering(fleet, 'x', { ...sides, tls: passedOn, callers: workload });
// @ts-expect-error a list of names is no Callers
new EgressGatewayPeering(fleet, 'x', { ...sides, tls: passedOn, callers: ['travel'] });
// @ts-expect-error without a gateway of the consumer nobody looks at ServiceAccounts
new DirectPeering(fleet, 'x', { ...sides, tls: passedOn, callers: Callers.serviceAccounts('travel/web') });
