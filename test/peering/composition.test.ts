import * as fc from 'fast-check';
import {
  Access,
  Callers,
  Credential,
  DirectPeering,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  type MeshService,
  PeeringTls,
  Port,
  type Protocol,
  TrustBundle,
} from '../../lib';
import { byIdentity, mesh } from '../support/model';

// GIVEN one ingress gateway with any peerings of several consumers, and any services exposed through each

type Mode = 'plain' | 'simple' | 'mutual' | 'application';

interface PeeringShape {
  readonly id: string;
  readonly mode: Mode;
  /** A client without a SPIFFE ID can only be told apart by the gateway's own list of names. */
  readonly client: 'spiffe' | 'dns';
  readonly credential: 'secret' | 'cert-manager';
  readonly exposures: readonly ExposureShape[];
}

interface ExposureShape {
  /** Namespace and name. */
  readonly service: readonly [string, string];
  readonly subset: boolean;
  /** Methods that only this consumer may use, where consumers can be told apart. */
  readonly methods: readonly string[];
}

const exposures = fc.uniqueArray(
  fc.record<ExposureShape>({
    // names that would be the same when joined without care
    service: fc.constantFrom(['a', 'b-c'], ['a-b', 'c'], ['a', 'b'], ['public', 'a']),
    subset: fc.boolean(),
    methods: fc.subarray(['GET', 'POST']),
  }),
  { selector: ({ service, subset }) => `${service} ${subset}`, maxLength: 4 },
);

const peerings = fc.uniqueArray(
  fc.record<PeeringShape>({
    id: fc.constantFrom('a', 'a-b', 'b', 'public', 'premium'),
    mode: fc.constantFrom('plain', 'simple', 'mutual', 'application'),
    client: fc.constantFrom('spiffe', 'dns'),
    credential: fc.constantFrom('secret', 'cert-manager'),
    exposures,
  }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 4 },
);

const signer = TrustBundle.declared('ca');

/** One host leads to one service in one way; consumers of the same share it. */
function hostOf({ mode, credential }: PeeringShape, { service: [namespace, name], subset }: ExposureShape): string {
  return [subset ? 'v1' : 'all', name, namespace, mode, credential, 'example'].join('.');
}

function serverOf({ credential }: PeeringShape): Credential<'sds'> {
  const identity = Identity.dns('partner.example');
  return credential === 'secret'
    ? Credential.secret('server', { identity, signer })
    : Credential.certManager('managed', { identity, signer, issuer: { name: 'issuer' } });
}

function tlsOf(shape: PeeringShape): PeeringTls {
  const server = serverOf(shape);
  switch (shape.mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'simple':
      return PeeringTls.simple({ server });
    case 'application':
      return PeeringTls.application({ server: Identity.dns('partner.example') });
    case 'mutual': {
      const spiffe = Identity.spiffe(`${shape.id}.example/ns/travel/sa/web`);
      const identity = shape.client === 'spiffe' ? spiffe : Identity.dns(`web.${shape.id}.example`);
      return PeeringTls.mutual({ client: Credential.secret(`client-${shape.id}`, { identity, signer }), server });
    }
  }
}

function fleetOf(shapes: readonly PeeringShape[], isToldApart: boolean) {
  return (fleet: Fleet) => {
    const partner = mesh(fleet, 'partner', {}, 'west');
    const ingress = new Gateway(partner, 'public', {
      kind: 'ingress',
      namespace: 'gateways',
      ports: [GatewayPort.http(), GatewayPort.https(), GatewayPort.tls()],
    });
    const services = new Map<string, MeshService<Protocol>>();
    const serviceOf = ({ service: [namespace, name] }: ExposureShape, mode: Mode) => {
      // a service speaks TLS itself, or the mesh sees its requests
      const own = mode === 'application' ? `${name}-tls` : name;
      const found = services.get(`${namespace}/${own}`);
      if (found) return found;
      const stated = partner.service(own, {
        namespace,
        ports: [mode === 'application' ? Port.tls(8443) : Port.http(8000)],
        subsets: { v1: { version: 'v1' } },
      });
      services.set(`${namespace}/${own}`, stated);
      return stated;
    };
    for (const shape of shapes) {
      const consumer = mesh(fleet, `consumer-${shape.id}`, {}, `cluster-${shape.id}`);
      const peering = new DirectPeering(fleet, shape.id, {
        consumer,
        provider: partner,
        ingress,
        tls: tlsOf(shape),
        callers: Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] }),
      });
      for (const exposure of shape.exposures) {
        const methods = isToldApart && exposure.methods.length > 0 ? { methods: [...exposure.methods] } : {};
        peering.expose(serviceOf(exposure, shape.mode) as MeshService<'http'>, {
          host: hostOf(shape, exposure),
          ...(exposure.subset && { subset: 'v1' }),
          allow: [shape.mode === 'application' ? Access.tcp() : Access.http(methods)],
        });
      }
    }
  };
}

/** The list of names that a server verifies itself is one for all its clients: what may differ when one of them goes. */
function withoutNames(json: string): string {
  return json.replace(/,"subjectAltNames":\[[^\]]*\](?=}}\]}}$)/, '');
}

/** What is left is what was, to the byte; the names that went. */
function removed(before: Map<string, string>, after: Map<string, string>): string[] {
  for (const [object, json] of after) {
    expect([object, withoutNames(json)]).toEqual([object, withoutNames(before.get(object) ?? 'is new')]);
  }
  return [...before.keys()].filter((object) => !after.has(object));
}

describe.each([
  ['consumers that a policy can name, each with access rules of its own', true],
  ['any consumers, with equal access rules', false],
] as const)('several peerings share a gateway: %s', (_, isToldApart) => {
  const shapes = isToldApart
    ? peerings.map((list) => list.map((shape): PeeringShape => ({ ...shape, mode: 'mutual', client: 'spiffe' })))
    : peerings;
  const cases = shapes.filter((list) => list.some((shape) => shape.exposures.length > 0));

  test('no name of an object collides; cancelling an exposure leaves every other object as it was', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (list, choice) => {
        // WHEN one exposure is cancelled
        const all = list.flatMap((shape) => shape.exposures.map((exposure) => ({ shape, exposure })));
        const cancelled = all[choice % all.length];
        const rest = list.map((shape) =>
          shape === cancelled.shape
            ? { ...shape, exposures: shape.exposures.filter((exposure) => exposure !== cancelled.exposure) }
            : shape,
        );
        // THEN objects are gone, and none has changed or is new
        const gone = removed(byIdentity(fleetOf(list, isToldApart)), byIdentity(fleetOf(rest, isToldApart)));
        expect(gone.length).toBeGreaterThan(0);
        expect(gone).not.toContain('AuthorizationPolicy gateways/public.deny-all @west');
        // AND in the clusters of other consumers nothing is
        const own = new RegExp(` @(west|cluster-${cancelled.shape.id})$`);
        expect(gone.filter((object) => !own.test(object))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('cancelling a peering does, too', () => {
    fc.assert(
      fc.property(cases, fc.nat(), (list, choice) => {
        const rest = list.filter((_shape, index) => index !== choice % list.length);
        removed(byIdentity(fleetOf(list, isToldApart)), byIdentity(fleetOf(rest, isToldApart)));
      }),
      { numRuns: 30 },
    );
  });
});

test('two meshes that call one service share its route, and each has an ALLOW of its own', () => {
  const shape = (id: string): PeeringShape => ({
    id,
    mode: 'mutual',
    client: 'spiffe',
    credential: 'secret',
    exposures: [{ service: ['a', 'b'], subset: false, methods: ['GET'] }],
  });
  const objects = [...byIdentity(fleetOf([shape('a'), shape('b')], true)).keys()].filter(
    (object) =>
      object.endsWith('@west') && /^(Gateway|VirtualService|AuthorizationPolicy|DestinationRule)/.test(object),
  );
  expect(objects.sort()).toEqual([
    'AuthorizationPolicy gateways/a.a.b.8000 @west',
    'AuthorizationPolicy gateways/b.a.b.8000 @west',
    'AuthorizationPolicy gateways/public.deny-all @west',
    'Gateway gateways/public-all-b-a-mutual-secret-example @west',
    'VirtualService gateways/public.all.b.a.mutual.secret.example @west',
  ]);
});

test('the one composed value: names of clients that no policy can name are listed by the server, so it changes with them', () => {
  const shape = (id: string): PeeringShape => ({
    id,
    mode: 'mutual',
    client: 'dns',
    credential: 'secret',
    exposures: [{ service: ['a', 'b'], subset: false, methods: [] }],
  });
  const names = (ids: string[]) => {
    const gateway = byIdentity(fleetOf(ids.map(shape), false)).get(
      'Gateway gateways/public-all-b-a-mutual-secret-example @west',
    );
    return JSON.parse(gateway ?? '{}').spec.servers[0].tls.subjectAltNames;
  };
  expect(names(['a', 'b'])).toEqual(['web.a.example', 'web.b.example']);
  expect(names(['b', 'a'])).toEqual(['web.a.example', 'web.b.example']);
  expect(names(['a'])).toEqual(['web.a.example']);
});
