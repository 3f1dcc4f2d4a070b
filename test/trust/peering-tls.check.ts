import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  type Exposure,
  External,
  Fleet,
  Gateway,
  type Http,
  Identity,
  Istio,
  Mesh,
  MtlsPolicy,
  PeerEnd,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const ca = TrustBundle.declared('partner-ca', { rootSha256: ['ab'.repeat(32), 'cd'.repeat(32)] });
const identity = Identity.dns('a.example');
const client = Credential.secret('agency-client', { identity: Identity.spiffe('c1.example/egress'), signer: ca });
const server = Credential.secret('broker-server', { identity: Identity.dns('insurances.partner.example'), signer: ca });
const files = Credential.files('client-files', { identity, signer: ca, directory: '/etc/certs' });
const bank = new PeerEnd(Identity.dns('api.bank.example'), TrustBundle.system());

const fleet = new Fleet();
const platform = Istio.v1_31();
const controlPlane = ControlPlane.existing('istio-system');
const consumer = new Mesh(new Cluster(fleet, 'east'), 'agency', { platform, controlPlane });
const provider = new Mesh(new Cluster(fleet, 'west'), 'partner', { platform, controlPlane });
const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
const callers = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });

const http = Port.http(8000);
const grpc = Port.grpc(9090);
const tcp = Port.tcp(9000);
const tls = Port.tls(443);
const namespace = 'broker';
const web = provider.service('web', { namespace, ports: [http] });
const db = provider.service('db', { namespace, ports: [tcp] });
const nginx = provider.service('nginx', { namespace, ports: [tls] });
const both = provider.service('both', { namespace, ports: [http, tcp] });
const requests = provider.service('requests', { namespace, ports: [http, grpc] });
const local = consumer.service('local', { namespace: 'travel', ports: [http] });
const localDb = consumer.service('local-db', { namespace: 'travel', ports: [tcp] });

const exposed = { host: 'a.partner.example', allow: [Access.http()] };
const hop = PeeringTls.mutual({ client, server });
const mutual = new DirectPeering(fleet, 'mutual', { consumer, provider, ingress, callers, tls: hop });
const application = new DirectPeering(fleet, 'application', {
  consumer,
  provider,
  ingress,
  tls: PeeringTls.application({ server: Identity.dns('a.example') }),
});

// what is right compiles
const exposure: Exposure<'http'> = mutual.expose(web, exposed);
const anyRequests: Exposure<'http' | 'grpc'> = mutual.expose(requests.at(grpc), exposed);
const passed: Exposure<'tls'> = application.expose(nginx, exposed);
mutual.expose(both.at(http), exposed);
PeeringTls.mutual({ client: files, server: bank });
PeeringTls.mutual({ client: new PeerEnd(identity, ca), server });
Rule.paths(['/']).to(exposure);
Rule.otherwise().to({ weight: 50, to: anyRequests }, { weight: 50, to: local });
new Routing(consumer, 'local', { host: local, rules: [Rule.otherwise().to(exposure)] });

// ---- how a hop is protected

// @ts-expect-error MUTUAL without a client key pair
PeeringTls.mutual({ server });
// @ts-expect-error MUTUAL without a server
PeeringTls.mutual({ client });
// @ts-expect-error MUTUAL whose client is only a CA
PeeringTls.mutual({ client: ca, server });
// @ts-expect-error a server gateway cannot read mounted files
PeeringTls.mutual({ client, server: files });
// @ts-expect-error a server gateway cannot read mounted files
PeeringTls.simple({ server: files });
// @ts-expect-error a client key pair with SIMPLE
PeeringTls.simple({ client, server });
// @ts-expect-error SIMPLE without a server: nobody would be verified
PeeringTls.simple({});
// @ts-expect-error clear text takes no credential
PeeringTls.plain({ server });
// @ts-expect-error clients are never verified against the system bundle
Credential.secret('x', { identity, signer: TrustBundle.system() });
// @ts-expect-error clients are never verified against the system bundle
PeeringTls.mutual({ client: bank, server });
// @ts-expect-error application TLS is told apart by a DNS SNI, not by SPIFFE
PeeringTls.application({ server: Identity.spiffe('a.example/b') });
// @ts-expect-error application TLS takes no credential: the application has its own
PeeringTls.application({ server });
// @ts-expect-error look-alikes do not pass (nominal)
PeeringTls.mutual({ client: { source: 'sds', name: 'x', identity, signer: ca }, server });
// @ts-expect-error look-alikes do not pass (nominal)
new DirectPeering(fleet, 'x', { consumer, provider, ingress, tls: { mode: 'plain' } });
// @ts-expect-error a credential says who it is
Credential.secret('x', { signer: ca });
// @ts-expect-error a credential says who signed it
Credential.secret('x', { identity });
// @ts-expect-error files are somewhere
Credential.files('x', { identity, signer: ca });

// ---- what a hop carries

mutual.expose(db, exposed) satisfies Exposure<'tcp'>;
// @ts-expect-error a service with http and tcp ports: say which one, before a rule can point at it
mutual.expose(both, exposed) satisfies Exposure<Http>;
// @ts-expect-error the TLS of an application through a hop that ends TLS
mutual.expose(nginx, exposed);
// @ts-expect-error application TLS cannot carry an http port
application.expose(web, exposed);
// @ts-expect-error application TLS cannot carry a tcp port
application.expose(External.server({ host: 'a.example', ports: [tcp] }), exposed);
// @ts-expect-error a port that the service does not have (protocol)
web.at(tcp);
// @ts-expect-error who may call is always said
mutual.expose(web, { host: 'a.partner.example' });
// @ts-expect-error under which host is always said
mutual.expose(web, { allow: [Access.http()] });
// @ts-expect-error look-alikes do not pass: Access checks what it is given
mutual.expose(web, { host: 'a.partner.example', allow: [{ kind: 'http', methods: ['get'] }] });

// ---- what rules point at

// @ts-expect-error an http rule to the TLS of an application
Rule.paths(['/']).to(passed);
// @ts-expect-error an http rule to a tcp service
Rule.paths(['/']).to(localDb);
// @ts-expect-error an http rule to a service with http and tcp ports: say which one
Rule.paths(['/']).to(both);
const mixed = Rule.otherwise().to({ weight: 50, to: exposure }, { weight: 50, to: passed });
// @ts-expect-error the same by weight: requests and bytes in one rule fit no host
new Routing(consumer, 'mixed', { host: local, rules: [mixed] });
// @ts-expect-error requests to a tcp host: bytes have none
new Routing(consumer, 'db', { host: localDb, rules: [Rule.otherwise().to(exposure)] });
// @ts-expect-error a match without destinations is no rule
new Routing(consumer, 'x', { host: local, rules: [Rule.otherwise()] });
// @ts-expect-error a name is no destination
Rule.otherwise().to('a.example');

// ---- look-alikes do not pass: what a factory checks cannot be had without it

const look = { kind: 'ingress', namespace: 'gateways' } as const;
// @ts-expect-error an address
new Gateway(provider, 'x', { ...look, address: { kind: 'ip', hosts: ['nowhere'] } });
// @ts-expect-error a port of a gateway
new Gateway(provider, 'x', { ...look, ports: [{ protocol: 'http', name: 'x', number: 0, targetPort: 0 }] });
// @ts-expect-error a Route before it
new Gateway(provider, 'x', { ...look, route: { termination: 'edge' } });
// @ts-expect-error a rule
new Routing(consumer, 'x', { host: local, rules: [{ paths: ['no path'], destinations: [] }] });
// @ts-expect-error a port of a service
provider.service('x', { namespace, ports: [{ protocol: 'http', name: 'x', number: 0, targetPort: 0 }] });

// ---- parties

// @ts-expect-error a name is no provider
new DirectPeering(fleet, 'x', { consumer, provider: { name: 'partner' }, tls: hop });

// @ts-expect-error a client in no mesh provides nothing
new DirectPeering(fleet, 'x', { consumer, provider: External.client('till'), tls: hop });
// @ts-expect-error a server in no mesh does not call
new DirectPeering(fleet, 'x', { consumer: External.server({ host: 'a.example', ports: [http] }), provider, tls: hop });
// @ts-expect-error a mesh of somebody else's has no gateway of ours
new Gateway(Mesh.external(fleet, 'x', { trustDomain: 'x.example' }), 'x', { kind: 'ingress', namespace: 'gateways' });
// @ts-expect-error a mesh of somebody else's is routed by somebody else
new Routing(Mesh.external(fleet, 'x', { trustDomain: 'x.example' }), 'x', { host: local, rules: [] });
// @ts-expect-error whether a hop is protected is always said
new DirectPeering(fleet, 'x', { consumer, provider, ingress });
// @ts-expect-error modes are Istio's
new MtlsPolicy(provider, 'x', { mode: 'strict' });
// @ts-expect-error a mesh is in a cluster
new Mesh(fleet, 'x', { platform, controlPlane });
