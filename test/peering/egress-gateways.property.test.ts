import * as fc from 'fast-check';
import {
  Access,
  Callers,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  type EgressTls,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  type Mesh,
  type MeshService,
  PeerEnd,
  PeeringTls,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import type { HostPeering } from '../../lib/peering/host-peering';
import { byIdentity, mesh } from '../support/model';

// GIVEN three meshes, each with one egress and one ingress gateway in one namespace, and any peerings between them, or
// to servers in no mesh: through egress gateways or straight from the sidecar. A mesh may be its own provider.

const MESHES = ['a', 'a-b', 'b'] as const;
type MeshId = (typeof MESHES)[number];
type Mode = 'plain' | 'simple' | 'mutual' | 'application';

interface Exposed {
  /** Namespace and name. */
  readonly service: readonly [string, string];
  readonly subset?: 'v1' | 'egress';
}

interface PeeringShape {
  readonly id: string;
  readonly strategy: 'egress' | 'direct';
  readonly consumer: MeshId;
  /** A mesh, or a server in no mesh with this name. */
  readonly provider: MeshId | 'server-a' | 'server.a';
  readonly mode: Mode;
  readonly credential: 'secret' | 'cert-manager';
  readonly callers: 'all' | 'namespaces' | 'serviceAccounts';
  readonly isClosed: boolean;
  readonly exposures: readonly Exposed[];
}

interface World {
  /** Whether TLS that is passed on has a port of its own at egress gateways. */
  readonly hasTlsPort: boolean;
  readonly peerings: readonly PeeringShape[];
}

/** Host of an exposure: names that would be the same if joined by one character. */
function hostOf({ provider, mode, credential }: PeeringShape, { service: [namespace, name], subset }: Exposed): string {
  return [...(subset ? [subset] : []), name, namespace, mode, credential, provider, 'example'].join('.');
}

const exposures = fc.uniqueArray(
  fc.record<Exposed>(
    {
      service: fc.constantFrom(['a', 'b-c'], ['a-b', 'c'], ['a', 'b'], ['egress', 'a']),
      subset: fc.constantFrom('v1', 'egress'),
    },
    { requiredKeys: ['service'] },
  ),
  { selector: ({ service, subset }) => `${service} ${subset}`, minLength: 1, maxLength: 3 },
);

const peering = fc.record<PeeringShape>({
  id: fc.constantFrom('a', 'a-b', 'b', 'out', 'public', 'egress', 'a-443', 'deny-all', 'premium'),
  strategy: fc.constantFrom('egress', 'egress', 'direct'),
  consumer: fc.constantFrom(...MESHES),
  provider: fc.constantFrom(...MESHES, 'server-a', 'server.a'),
  mode: fc.constantFrom('plain', 'simple', 'mutual', 'application'),
  credential: fc.constantFrom('secret', 'cert-manager'),
  callers: fc.constantFrom('all', 'namespaces', 'serviceAccounts'),
  isClosed: fc.boolean(),
  exposures,
});

/** What one mesh can have beside the other: one peering for each provider, one place for each host. */
function consistent(peerings: readonly PeeringShape[]): PeeringShape[] {
  const taken = new Set<string>();
  const claim = (keys: string[]) => !keys.some((key) => taken.has(key)) && keys.every((key) => taken.add(key));
  return peerings.filter(({ id, consumer, provider }) => claim([`id ${id}`, `${consumer} to ${provider}`]));
}

const worlds: fc.Arbitrary<World> = fc.record({
  hasTlsPort: fc.boolean(),
  peerings: fc.array(peering, { minLength: 2, maxLength: 8 }).map(consistent),
});

const signer = TrustBundle.declared('ca');

function credential(kind: PeeringShape['credential'], name: string, identity: Identity): Credential<'sds'> {
  return kind === 'secret'
    ? Credential.secret(name, { identity, signer })
    : Credential.certManager(`${name}-managed`, { identity, signer, issuer: { name: 'issuer' } });
}

interface Place {
  readonly mesh: Mesh;
  readonly egress: Gateway;
  readonly ingress: Gateway;
  readonly services: Map<string, MeshService<Protocol>>;
}

function place(fleet: Fleet, id: MeshId, hasTlsPort: boolean): Place {
  const own = mesh(fleet, id, {}, `cluster-${id}`);
  own.namespace('travel');
  const ports = [GatewayPort.https(), ...(hasTlsPort ? [GatewayPort.tls()] : [])];
  return {
    mesh: own,
    egress: new Gateway(own, 'out', { kind: 'egress', namespace: 'gateways', ports }),
    ingress: new Gateway(own, 'public', { kind: 'ingress', namespace: 'gateways' }),
    services: new Map(),
  };
}

/** A service speaks TLS itself, or the mesh sees its requests. */
function serviceOf({ mesh: own, services }: Place, { service: [namespace, name] }: Exposed, mode: Mode) {
  const key = `${namespace}/${name}${mode === 'application' ? '-tls' : ''}`;
  const stated =
    services.get(key) ??
    own.service(key.slice(namespace.length + 1), {
      namespace,
      ports: [mode === 'application' ? Port.tls(8443) : Port.http(8000)],
      subsets: { v1: { version: 'v1' }, egress: { version: 'egress' } },
    });
  services.set(key, stated);
  return stated as MeshService<'http'>;
}

const isMesh = (provider: PeeringShape['provider']): provider is MeshId => MESHES.some((id) => id === provider);

function hop({ id, strategy, consumer, provider, mode, credential: source }: PeeringShape): EgressTls {
  const name = Identity.dns(`${provider}.example`);
  const server = isMesh(provider) ? credential(source, 'server', name) : new PeerEnd(name, signer);
  switch (mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'simple':
      return PeeringTls.simple({ server });
    case 'mutual':
      return PeeringTls.mutual({
        // a gateway's key pair is used by all that go through it
        client: credential(
          source,
          strategy === 'egress' ? 'client' : `client-${id}`,
          Identity.spiffe(`${consumer}.example/egress`),
        ),
        server,
      });
    case 'application':
      return PeeringTls.application({ server: name });
  }
}

/** Which workloads of the consumer: as much as the strategy and the hop can tell. */
function callersOf({ callers, mode }: PeeringShape) {
  switch (callers) {
    case 'all':
      return undefined;
    case 'namespaces':
      return Callers.namespaces('travel', 'batch');
    case 'serviceAccounts':
      return mode === 'application' ? Callers.namespaces('travel') : Callers.serviceAccounts('travel/web');
  }
}

const web = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });

function peeringOf(fleet: Fleet, shape: PeeringShape, places: Record<MeshId, Place>) {
  const { mesh: consumer, egress } = places[shape.consumer];
  const server = External.server({
    host: `real.${shape.provider}.example`,
    ports: [shape.mode === 'application' ? Port.tls(443) : Port.http(443)],
  });
  const to = isMesh(shape.provider)
    ? { provider: places[shape.provider].mesh, ingress: places[shape.provider].ingress }
    : { provider: server };
  const sides = { consumer, ...to, tls: hop(shape) };
  const peering: HostPeering<EgressTls> =
    shape.strategy === 'direct'
      ? new DirectPeering(fleet, shape.id, { ...sides, callers: web })
      : new EgressGatewayPeering(fleet, shape.id, {
          ...sides,
          egress,
          callers: callersOf(shape),
          ...(shape.isClosed && { onlyWayOut: ['travel'] }),
        });
  return { peering, server };
}

function fleetOf({ hasTlsPort, peerings }: World) {
  return (fleet: Fleet) => {
    const places = {
      a: place(fleet, 'a', hasTlsPort),
      'a-b': place(fleet, 'a-b', hasTlsPort),
      b: place(fleet, 'b', hasTlsPort),
    };
    for (const shape of peerings) {
      const { peering, server } = peeringOf(fleet, shape, places);
      const allow = [shape.mode === 'application' ? Access.tcp() : Access.http()];
      for (const exposed of shape.exposures.slice(0, isMesh(shape.provider) ? undefined : 1)) {
        const host = hostOf(shape, exposed);
        // which protocols a hop can carry is what the types are tested for
        if (!isMesh(shape.provider)) peering.expose(server as never, { host, allow });
        else {
          const service = serviceOf(places[shape.provider], exposed, shape.mode);
          peering.expose(service, { host, allow, ...(exposed.subset && { subset: exposed.subset }) });
        }
      }
    }
  };
}

/** What these checks read of an object. */
interface Resource {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly host: string;
    readonly hosts: string[];
    readonly exportTo?: string[];
    readonly gateways: string[];
    readonly selector: { readonly istio: string };
    readonly servers: {
      readonly port: { readonly number: number };
      readonly hosts: string[];
      readonly tls?: { readonly mode: string };
    }[];
    readonly subsets?: {
      readonly name: string;
      readonly trafficPolicy?: {
        readonly portLevelSettings: {
          readonly port: { readonly number: number };
          readonly tls: { readonly mode: string; readonly sni?: string };
        }[];
      };
    }[];
    readonly trafficPolicy?: object;
    readonly http?: Rule[];
    readonly tls?: Rule[];
  };
}

interface Rule {
  readonly match?: { readonly gateways?: string[]; readonly port?: number; readonly sniHosts?: string[] }[];
  readonly route: {
    readonly destination: {
      readonly host: string;
      readonly port: { readonly number: number };
      readonly subset?: string;
    };
  }[];
}

const repeated = (values: readonly string[]) => values.filter((value, index) => values.indexOf(value) !== index);

/** Objects of one cluster by kind. */
function byKind(objects: ReadonlyMap<string, string>, cluster: string) {
  const own = [...objects]
    .filter(([name]) => name.endsWith(` @${cluster}`))
    .map(([, json]) => JSON.parse(json) as Resource);
  return (kind: string) => own.filter((object) => object.kind === kind);
}

const CLUSTERS = MESHES.map((id) => `cluster-${id}`);
const subsetsOf = (rules: Resource[]) =>
  rules.flatMap(({ spec }) => (spec.subsets ?? []).map((subset) => ({ host: spec.host, ...subset })));
const egressHost = 'out.gateways.svc.cluster.local';

describe('peerings of several meshes share egress and ingress gateways', () => {
  test('names of objects, hosts, subsets and SNI are each used once', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        // two objects of one name throw
        const objects = byIdentity(fleetOf(world));
        for (const cluster of CLUSTERS) {
          const kind = byKind(objects, cluster);
          const servers = kind('Gateway').flatMap(({ spec }) =>
            spec.servers.flatMap(({ port, hosts }) =>
              hosts.map((host) => `${spec.selector.istio} ${port.number} ${host}`),
            ),
          );
          const subsets = subsetsOf(kind('DestinationRule'));
          const hops = subsets.flatMap(({ host, trafficPolicy }) =>
            (trafficPolicy?.portLevelSettings ?? []).map(
              ({ port, tls }) => `${host} ${port.number} ${tls.sni ?? tls.mode}`,
            ),
          );
          const routes = kind('VirtualService').flatMap(({ spec }) =>
            spec.gateways.flatMap((gateway) => spec.hosts.map((host) => `${gateway} ${host}`)),
          );
          expect(repeated(servers)).toEqual([]);
          expect(repeated(subsets.map(({ host, name }) => `${host} ${name}`))).toEqual([]);
          expect(repeated(hops.filter((hop) => !hop.endsWith(' DISABLE')))).toEqual([]);
          expect(repeated(routes)).toEqual([]);
          expect(repeated(kind('ServiceEntry').flatMap(({ spec }) => spec.hosts))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('each exposure has its own unbroken way through its egress gateway', () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const objects = byIdentity(fleetOf(world));
        for (const shape of world.peerings.filter(({ strategy }) => strategy === 'egress')) {
          const kind = byKind(objects, `cluster-${shape.consumer}`);
          for (const exposed of shape.exposures.slice(0, isMesh(shape.provider) ? undefined : 1)) {
            const host = hostOf(shape, exposed);
            // THEN the host leads to a subset of the egress gateway
            const [virtualService] = kind('VirtualService').filter(
              ({ spec }) => spec.gateways.includes('mesh') && spec.hosts.includes(host),
            );
            const [fromCallers, fromGateway] = virtualService.spec.http ?? virtualService.spec.tls ?? [];
            const { destination } = fromCallers.route[0];
            expect(destination.host).toBe(egressHost);
            // AND the subset sends an SNI by which one Gateway takes the call, at the same port
            const [subset] = subsetsOf(kind('DestinationRule')).filter(
              ({ host: of, name }) => of === egressHost && name === destination.subset,
            );
            const [{ port, tls }] = subset.trafficPolicy?.portLevelSettings ?? [];
            const isPassedOn = shape.mode === 'application';
            expect(tls).toEqual(isPassedOn ? { mode: 'DISABLE' } : { mode: 'ISTIO_MUTUAL', sni: host });
            expect(port.number).toBe(destination.port.number);
            const [gateway] = kind('Gateway').filter(
              ({ spec }) => spec.selector.istio === 'out' && spec.servers[0].hosts.includes(host),
            );
            expect(gateway.spec.servers).toMatchObject([
              { port: { number: port.number }, tls: { mode: isPassedOn ? 'PASSTHROUGH' : 'ISTIO_MUTUAL' } },
            ]);
            // AND that Gateway leads it on to the host's ServiceEntry
            const resource = `gateways/${gateway.metadata.name}`;
            expect(virtualService.spec.gateways).toEqual(['mesh', resource]);
            expect(fromGateway.match).toMatchObject([{ gateways: [resource], port: port.number }]);
            const [entry] = kind('ServiceEntry').filter(({ spec }) => spec.hosts.includes(host));
            expect(fromGateway.route).toMatchObject([
              { destination: { host, port: { number: fromCallers.match?.[0].port } } },
            ]);
            // AND whoever sees the host sees the way to it
            expect(entry.spec.exportTo).toEqual(virtualService.spec.exportTo);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('cancelling an exposure or a peering leaves every other object as it was, to the byte', () => {
    fc.assert(
      fc.property(worlds, fc.nat(), fc.boolean(), (world, choice, isWhole) => {
        // GIVEN
        const cancelled = world.peerings[choice % world.peerings.length];
        // WHEN
        const peerings = isWhole
          ? world.peerings.filter((shape) => shape !== cancelled)
          : world.peerings.map((shape) =>
              shape === cancelled
                ? { ...shape, exposures: isMesh(shape.provider) ? shape.exposures.slice(1) : [] }
                : shape,
            );
        const before = byIdentity(fleetOf(world));
        const after = byIdentity(fleetOf({ ...world, peerings }));
        // THEN nothing is new, nothing has changed
        for (const [object, json] of after) expect([object, json]).toEqual([object, before.get(object)]);
        // AND what is gone was in the clusters of the two sides
        const gone = [...before.keys()].filter((object) => !after.has(object));
        const sides = [cancelled.consumer, cancelled.provider].map((id) => ` @cluster-${id}`);
        expect(gone.length).toBeGreaterThan(0);
        expect(gone.filter((object) => !sides.some((side) => object.endsWith(side)))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
