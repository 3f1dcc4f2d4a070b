import { Access, External, FederationPeering, Fleet, type Mesh, Port, Routing, Rule } from '../../lib';
import { federated } from './federations';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const fleet = new Fleet();
const a = federated(fleet, 'maistra', 'a');
const b = federated(fleet, 'maistra', 'b');
const peering = new FederationPeering(fleet, 'p', { consumer: a, provider: b });
const web = b.service('web', { namespace: 'x', ports: [Port.http(80)] });
const database = b.service('database', { namespace: 'x', ports: [Port.tcp(5432)] });
const allow = [Access.http()];

export const exposures = [
  peering.expose(web, { allow, asLocal: { namespace: 'z' } }),
  // @ts-expect-error an import as local needs the namespace of its Service
  peering.expose(web, { allow, asLocal: {} }),
  // @ts-expect-error whether it is local stands beside the names, not in them
  peering.expose(web, { allow, alias: { name: 'web', importAsLocal: true } }),
  // @ts-expect-error federation exports Services, not subsets
  peering.expose(web, { allow, subset: 'v1' }),
];

const server = External.server({ host: 'a.example', ports: [Port.http(80)] });
// @ts-expect-error a server in no mesh has no control plane to federate with
new FederationPeering(fleet, 'q', { consumer: a, provider: server });
// @ts-expect-error nor has a client
new FederationPeering(fleet, 'r', { consumer: External.client('c'), provider: b });
// @ts-expect-error the hop is protected by the meshes' own certificates
new FederationPeering(fleet, 's', { consumer: a, provider: b, tls: undefined as unknown as 'plain' });
// @ts-expect-error zones need a region
new FederationPeering(fleet, 't', { consumer: a, provider: b, locality: { zone: 'z' } });

const bytes = peering.expose(database, { allow: [Access.tcp()] });
const host = a.service('local', { namespace: 'z', ports: [Port.http(80)] });
// @ts-expect-error requests are not led to bytes
new Routing(a, 'routing', { host, rules: [Rule.otherwise().to(bytes)] });

export const known: Mesh = a;
