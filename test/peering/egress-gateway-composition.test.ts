import * as fc from 'fast-check';
import {
  Access,
  Callers,
  Credential,
  EgressGatewayPeering,
  type EgressTls,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  type MeshService,
  PeerEnd,
  PeeringTls,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { Contract } from '../../lib/facts/contract';
import { byIdentity, mesh, synth } from '../support/model';

// GIVEN any peerings of a mesh that share its egress gateway: one leads to the ingress gateway of another mesh, the
// others to servers in no mesh

type Mode = 'plain' | 'simple' | 'mutual' | 'application';

interface Exposed {
  /** Namespace and name; ignored for a server in no mesh. */
  readonly service: readonly [string, string];
  readonly subset?: string;
  /** Port of a server in no mesh. */
  readonly port: number;
}

interface Shape {
  readonly id: string;
  readonly mode: Mode;
  readonly credential: 'secret' | 'cert-manager';
  readonly callers: 'all' | 'namespaces' | 'serviceAccounts';
  readonly isClosed: boolean;
  readonly exposures: readonly Exposed[];
}

// names that would be the same when joined without care
const service = fc.constantFrom<[string, string]>(['a', 'b-c'], ['a-b', 'c'], ['a', 'b'], ['mesh', 'a']);
const shapes = fc.uniqueArray(
  fc.record<Shape>({
    id: fc.constantFrom('a', 'a-b', 'b', 'egress', 'mesh', 'out', 'public'),
    mode: fc.constantFrom('plain', 'simple', 'mutual', 'application'),
    credential: fc.constantFrom('secret', 'cert-manager'),
    callers: fc.constantFrom('all', 'namespaces', 'serviceAccounts'),
    isClosed: fc.boolean(),
    exposures: fc.uniqueArray(
      fc.record<Exposed>(
        { service, subset: fc.constantFrom('v1', 'egress', 'mesh'), port: fc.constantFrom(443, 8443) },
        { requiredKeys: ['service', 'port'] },
      ),
      { selector: ({ service: [namespace, name], subset }) => `${namespace} ${name} ${subset}`, maxLength: 4 },
    ),
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 5 },
);

const signer = TrustBundle.declared('ca');
const identity = Identity.spiffe('agency.example/egress');

function client({ credential }: Shape): Credential<'sds'> {
  return credential === 'secret'
    ? Credential.secret('client', { identity, signer })
    : Credential.certManager('managed-client', { identity, signer, issuer: { name: 'issuer' } });
}

function tlsOf(
  shape: Shape,
  server: Credential<'sds'> | PeerEnd,
  end: Credential<'sds'> | PeerEnd<'declared'>,
): EgressTls {
  switch (shape.mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'simple':
      return PeeringTls.simple({ server });
    case 'mutual':
      return PeeringTls.mutual({ client: end, server });
    case 'application':
      return PeeringTls.application({ server: Identity.dns('partner.example') });
  }
}

const partnersCredential = Credential.secret('server', { identity: Identity.dns('partner.example'), signer });
const access = ({ mode }: Shape) => [mode === 'application' ? Access.tcp() : Access.http()];
const hostOf = ({ mode }: Shape, { service: [namespace, name], subset }: Exposed) =>
  [subset ?? 'all', name, namespace, mode, 'partner.example'].join('.');

function options(shape: Shape) {
  const callers = {
    all: undefined,
    namespaces: Callers.namespaces('travel', 'batch'),
    // the application's own TLS shows the gateway no identity
    serviceAccounts:
      shape.mode === 'application' ? Callers.namespaces('travel') : Callers.serviceAccounts('travel/web'),
  }[shape.callers];
  return { callers, ...(shape.isClosed && { onlyWayOut: ['travel'] }) };
}

function agency(fleet: Fleet) {
  const consumer = mesh(fleet, 'agency', {}, 'east');
  consumer.namespace('travel');
  return { consumer, egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }) };
}

function partner(fleet: Fleet, shape: Shape) {
  const provider = mesh(fleet, 'partner', {}, 'west');
  const ingress = new Gateway(provider, 'public', {
    kind: 'ingress',
    namespace: 'gateways',
    ports: [GatewayPort.http(), GatewayPort.https(), GatewayPort.tls()],
  });
  const services = new Map<string, MeshService<Protocol>>();
  for (const {
    service: [namespace, name],
  } of shape.exposures) {
    if (services.has(`${namespace}/${name}`)) continue;
    const ports = [shape.mode === 'application' ? Port.tls(8443) : Port.http(8000)];
    const subsets = { v1: { version: 'v1' }, egress: { version: 'egress' }, mesh: { version: 'mesh' } };
    services.set(`${namespace}/${name}`, provider.service(name, { namespace, ports, subsets }));
  }
  return { provider, ingress, services };
}

function exposeServices(
  peering: EgressGatewayPeering,
  shape: Shape,
  services: Map<string, MeshService<Protocol>>,
): void {
  for (const exposed of shape.exposures) {
    // which protocols a hop can carry is what the types are tested for
    peering.expose(services.get(exposed.service.join('/')) as MeshService<'http'>, {
      host: hostOf(shape, exposed),
      allow: access(shape),
      ...(exposed.subset && { subset: exposed.subset }),
    });
  }
}

function fleetOf([first, ...others]: readonly Shape[]) {
  return (fleet: Fleet) => {
    const { consumer, egress } = agency(fleet);
    const { provider, ingress, services } = partner(fleet, first);
    const tls = tlsOf(first, partnersCredential, client(first));
    const premium = new EgressGatewayPeering(fleet, first.id, {
      consumer,
      provider,
      egress,
      ingress,
      tls,
      ...options(first),
    });
    exposeServices(premium, first, services);
    for (const shape of others) {
      const ports = [443, 8443].map((port) => (shape.mode === 'application' ? Port.tls(port) : Port.http(port)));
      const server = External.server({ host: `${shape.id}.a.b.example`, ports });
      const bank = new PeerEnd(Identity.dns(server.host), TrustBundle.declared('bank-ca'));
      const peering = new EgressGatewayPeering(fleet, shape.id, {
        consumer,
        provider: server,
        egress,
        tls: tlsOf(shape, bank, client(shape)),
        ...options(shape),
      });
      for (const port of new Set(shape.exposures.map((exposed) => exposed.port))) {
        const at = server.at(ports.find(({ number }) => number === port) as Port<'http'>);
        peering.expose(at as never, {
          host: `${port === 443 ? 'main' : 'other'}.${server.host}`,
          allow: access(shape),
        });
      }
    }
  };
}

interface Istio {
  readonly kind: string;
  readonly spec?: {
    readonly host?: string;
    readonly selector?: { readonly istio: string };
    readonly servers?: { readonly port: { readonly number: number }; readonly hosts: string[] }[];
    readonly subsets?: {
      readonly name: string;
      readonly trafficPolicy: { readonly portLevelSettings: { readonly tls: { readonly sni?: string } }[] };
    }[];
    readonly exportTo?: string[];
    readonly trafficPolicy?: object;
    readonly gateways?: string[];
    readonly hosts?: string[];
  };
}

/** What tells the exposures of one gateway, host or mesh apart: no two may have the same. */
function distinguished({ kind, spec = {} }: Istio): string[] {
  const { host, selector, servers = [], subsets = [], gateways = [], hosts = [] } = spec;
  return [
    ...servers.flatMap((server) =>
      server.hosts.map((name) => `${selector?.istio} port ${server.port.number} host ${name}`),
    ),
    ...subsets.map(({ name }) => `subset ${name} of ${host}`),
    ...subsets.flatMap(
      ({ trafficPolicy }) =>
        trafficPolicy?.portLevelSettings.flatMap(({ tls }) => (tls.sni ? [`SNI ${tls.sni} to ${host}`] : [])) ?? [],
    ),
    ...(kind === 'VirtualService' && gateways.includes('mesh') ? hosts.map((name) => `dialled ${name}`) : []),
  ];
}

const cases = shapes.filter((list) => list.some(({ exposures }) => exposures.length > 0));

describe('peerings share an egress gateway', () => {
  test('no SNI, host, subset or name of an object collides', () => {
    fc.assert(
      fc.property(cases, (list) => {
        // WHEN; THEN every object has a name of its own
        const objects = byIdentity(fleetOf(list));
        // AND is told apart from all others
        const found = [...objects.values()].flatMap((json) => distinguished(JSON.parse(json)));
        expect(found.filter((one, index) => found.indexOf(one) !== index)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('all rules of the gateway host are merged: one namespace, one exportTo, no policy for all subsets', () => {
    fc.assert(
      fc.property(cases, (list) => {
        const rules = [...byIdentity(fleetOf(list))].filter(([, json]) => json.includes('"host":"out.egress.'));
        const toGateway = rules.filter(([name]) => name.startsWith('DestinationRule '));
        for (const [name, json] of toGateway) {
          expect(name).toMatch(/^DestinationRule egress\//);
          const { spec } = JSON.parse(json) as Istio;
          expect(spec).toMatchObject({ exportTo: ['*'] });
          expect(spec).not.toHaveProperty('trafficPolicy');
        }
      }),
      { numRuns: 30 },
    );
  });

  test('cancelling an exposure or a peering leaves every other object as it was', () => {
    fc.assert(
      fc.property(cases, fc.nat(), fc.boolean(), (list, choice, isWhole) => {
        // GIVEN one of those that have something to cancel
        const exposing = list.filter(({ exposures }) => exposures.length > 0);
        const cancelled = exposing[choice % exposing.length];
        const exposures = isWhole ? [] : cancelled.exposures.slice(1);
        const rest = list.map((shape) => (shape === cancelled ? { ...shape, exposures } : shape));
        // WHEN
        const before = byIdentity(fleetOf(list));
        const after = byIdentity(fleetOf(rest));
        // THEN
        for (const [object, json] of after) expect([object, json]).toEqual([object, before.get(object)]);
      }),
      { numRuns: 60 },
    );
  });

  test('a peering that goes takes its objects along and no others', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (list, choice) => {
        fc.pre(list.length > 1);
        const rest = list.filter((_shape, index) => index !== 1 + (choice % (list.length - 1)));
        const before = byIdentity(fleetOf(list));
        for (const [object, json] of byIdentity(fleetOf(rest))) {
          expect([object, json]).toEqual([object, before.get(object)]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('two repositories write what one would', () => {
  const shared = (files: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(files).filter(([path]) => !path.startsWith('fleet.') && !path.endsWith('.mesh.json')),
    );
  const oneOf = (list: readonly Shape[]): Shape => ({ ...list[0], id: 'premium' });

  /** The provider's repository: of the consumer it knows what the consumer told it. */
  const providersHalf = (shape: Shape) => (fleet: Fleet) => {
    const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
    const { provider, ingress, services } = partner(fleet, shape);
    const tls = tlsOf(shape, partnersCredential, new PeerEnd(identity, signer));
    exposeServices(new EgressGatewayPeering(fleet, shape.id, { consumer, provider, ingress, tls }), shape, services);
  };

  /** The consumer's: of the provider it knows the contract. */
  const consumersHalf = (shape: Shape, contract: string) => (fleet: Fleet) => {
    const { consumer, egress } = agency(fleet);
    const peering = EgressGatewayPeering.fromContract(fleet, {
      consumer,
      egress,
      contract: Contract.parse(contract, 'contracts/premium.json'),
      ...(shape.mode === 'mutual' && { client: client(shape) }),
      ...options(shape),
    });
    for (const {
      service: [namespace, name],
      subset,
    } of shape.exposures) {
      const key = `${namespace}/${name}:${shape.mode === 'application' ? 8443 : 8000}${subset ? `/${subset}` : ''}`;
      if (shape.mode === 'application') peering.tlsExposure(key);
      else peering.exposure(key);
    }
  };

  test('whatever is exposed, and however', () => {
    fc.assert(
      fc.property(cases.map(oneOf), (shape) => {
        fc.pre(shape.exposures.length > 0);
        const provided = shared(synth(providersHalf(shape)));
        const apart = { ...provided, ...shared(synth(consumersHalf(shape, provided['contracts/premium.json']))) };
        expect(apart).toEqual(shared(synth(fleetOf([shape]))));
      }),
      { numRuns: 30 },
    );
  });
});
