import * as cdk8s from 'cdk8s';
import * as plus from 'cdk8s-plus-27';
import * as constructs from 'constructs';
import { temporaryFolder } from '../support/model';

type Lib = typeof import('../../lib');

const PEERS = [
  ['cdk8s', cdk8s],
  ['cdk8s-plus-27', plus],
  ['constructs', constructs],
] as const;

/** Another copy of this package, as a library of one's own platform team may bring along. */
function copy(): Lib {
  let loaded: Lib | undefined;
  // peers are there once
  for (const [name, peer] of PEERS) jest.doMock(name, () => peer);
  jest.isolateModules(() => {
    loaded = require('../../lib');
  });
  if (loaded === undefined) throw new Error('not loaded');
  return loaded;
}

test('two copies of the package in one program find the same fleet, meshes, gateways and register', () => {
  const [a, b] = [copy(), copy()];
  expect(a.Fleet).not.toBe(b.Fleet);
  const printed: string[] = [];
  // GIVEN meshes and gateways of one copy
  const fleet = new a.Fleet({ outdir: temporaryFolder(), print: (text) => printed.push(text) });
  const { agency, partner, ingress, broker } = ((lib: Lib) => {
    const of = (id: string) =>
      new lib.Mesh(new lib.Cluster(fleet, `${id}-cluster`), id, {
        platform: lib.Istio.v1_31(),
        controlPlane: lib.ControlPlane.existing('istio-system'),
        trustDomain: `${id}.example`,
      });
    const meshes = { agency: of('agency'), partner: of('partner') };
    return {
      ...meshes,
      ingress: new lib.Gateway(meshes.partner, 'public', { kind: 'ingress', namespace: 'gateways' }),
      broker: meshes.partner.service('insurances', { namespace: 'broker', ports: [lib.Port.http(8000)] }),
    };
  })(a);
  // WHEN the other one states a mesh, a peering with values of its own, and a routing
  new b.Mesh(new b.Cluster(fleet as never, 'third'), 'third', {
    platform: b.Istio.v1_31(),
    controlPlane: b.ControlPlane.existing('istio-system'),
  });
  const tls = b.PeeringTls.simple({
    server: b.Credential.secret('server', {
      identity: b.Identity.dns('a.partner.example'),
      signer: b.TrustBundle.declared('ca'),
    }),
  });
  const callers = b.Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });
  const sides = { consumer: agency, provider: partner, ingress, tls, callers };
  const peering = new b.DirectPeering(fleet as never, 'premium', sides as never);
  const premium = peering.expose(broker as never, { host: 'a.partner.example', allow: [b.Access.http()] });
  const alias = agency.alias('insurances', { namespace: 'travel', port: a.Port.http(8000) });
  new b.Routing(agency as never, 'premium', { host: alias as never, rules: [b.Rule.otherwise().to(premium as never)] });
  // THEN there is one document of facts, and one of each object
  const facts = fleet.facts();
  expect(facts.meshes.map(({ name }) => name)).toEqual(['agency', 'partner', 'third']);
  expect(facts.peerings).toMatchObject([
    { name: 'premium', tls: 'simple', exposures: [{ host: 'a.partner.example' }] },
  ]);
  expect(facts.secrets.map(({ name }) => name).sort()).toEqual(['ca', 'server']);
  expect(fleet.manifests().map(({ manifest }) => manifest.kind)).toEqual(
    expect.arrayContaining(['ServiceEntry', 'DestinationRule', 'Gateway', 'AuthorizationPolicy', 'VirtualService']),
  );
  fleet.synth();
  expect(printed.join('')).not.toContain('MESH3002');
});

test('a host, and a gateway, that one copy uses is taken for the other one', () => {
  const [a, b] = [copy(), copy()];
  const fleet = new a.Fleet();
  const mesh = (lib: Lib, id: string) =>
    new lib.Mesh(new lib.Cluster(fleet as never, id), id, {
      platform: lib.Istio.v1_31(),
      controlPlane: lib.ControlPlane.existing('istio-system'),
    });
  const [consumer, provider] = [mesh(a, 'agency'), mesh(a, 'partner')];
  const ingress = new a.Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
  const broker = provider.service('insurances', { namespace: 'broker', ports: [a.Port.http(8000)] });
  const sides = { consumer, provider, ingress };
  const one = new a.DirectPeering(fleet, 'one', { ...sides, tls: a.PeeringTls.plain() });
  one.expose(broker, { host: 'a.example', allow: [a.Access.http()] });
  const two = new b.DirectPeering(fleet as never, 'two', { ...sides, tls: b.PeeringTls.plain() } as never);
  expect(() => two.expose(broker as never, { host: 'a.example', allow: [b.Access.http()] })).toThrow(
    "MESH1213 two: peering 'one' already leads from agency to host 'a.example' of gateway partner/partner/public",
  );
});
