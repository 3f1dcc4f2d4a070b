import {
  Access,
  Callers,
  Contract,
  Credential,
  Fleet,
  type GatewayRendering,
  Identity,
  Mesh,
  MeshContract,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  TrustBundle,
} from '../../lib';
import { writeSealed } from '../../lib/facts/sealed-json';
import { type Repositories, twoRepositoriesEqualOne } from '../support/assertions';
import { mesh, messageOf, synth } from '../support/model';
import { called, calling, clientOf, consumersCa, server, servicesOf } from './private-gateways';

// GIVEN a consumer and a provider who share nothing but what they write into contracts

const callers = Callers.serviceAccounts('web/sleep');
const client = clientOf('c1');

function exposeAll(peering: PrivateGatewayPeering, provider: Mesh): void {
  const { web, two, db, own } = servicesOf(provider);
  peering.expose(web, { subset: 'v1', allow: [Access.http({ methods: ['GET'], paths: ['/a/*'] })] });
  peering.expose(two.at(Port.grpc(8002)), { allow: [] });
  peering.expose(db, { allow: [Access.tcp()], gatewayPort: 31400, alsoFrom: ['c2.example/ns/app/sa/own'] });
  peering.expose(own, { allow: [Access.tcp()], host: 'own.example' });
}

const KEYS = ['app/web:8000/v1', 'app/two:8002', 'app/db:9000', 'app/own:443'] as const;

function repositories(policies: GatewayRendering): Repositories {
  return {
    together: (fleet) => {
      const sides = { ...calling(fleet), ...called(fleet, { policies }) };
      const tls = PeeringTls.mutual({ client, server });
      const more = { host: 'c2.example.com', callers, onlyWayIn: ['app'], onlyWayOut: ['web'] };
      exposeAll(new PrivateGatewayPeering(fleet, 'p', { ...sides, tls, ...more }), sides.provider);
    },
    before: (fleet) => calling(fleet).consumer.introduce('p', { client }),
    provider: (contracts) => (fleet) => {
      const contract = MeshContract.parse(contracts('c1.mesh.json'), 'c1.mesh.json');
      const consumer = Mesh.external(fleet, 'c1', { contract });
      const { provider, ingress } = called(fleet, { policies });
      const tls = PeeringTls.mutual({ client: consumer.client('p'), server });
      const more = { host: 'c2.example.com', onlyWayIn: ['app'] };
      exposeAll(new PrivateGatewayPeering(fleet, 'p', { consumer, provider, ingress, tls, ...more }), provider);
    },
    consumer: (contracts) => (fleet) => {
      const contract = Contract.parse(contracts('p.json'), 'p.json');
      consume(fleet, contract);
    },
  };
}

function consume(fleet: Fleet, contract: Contract, own: Credential<'sds'> = client): void {
  const props = { ...calling(fleet), contract, client: own, callers, onlyWayOut: ['web'] };
  const peering = PrivateGatewayPeering.fromContract(fleet, props);
  peering.exposure(KEYS[0]);
  peering.exposure(KEYS[1]);
  peering.tcpExposure(KEYS[2]);
  peering.tlsExposure(KEYS[3]);
}

test.each(['AuthorizationPolicy', 'EnvoyFilter'] as const)('two repositories write what one would: %s', (policies) => {
  const files = twoRepositoriesEqualOne(repositories(policies));
  expect(Object.keys(files).sort()).toEqual([
    'c1-cluster/c1.egw.k8s.yaml',
    'c1-cluster/c1.p.consumer.k8s.yaml',
    'c2-cluster/c2.app.web.k8s.yaml',
    'c2-cluster/c2.igw.k8s.yaml',
    'c2-cluster/c2.p.provider.k8s.yaml',
    'contracts/p.json',
  ]);
});

const written = synth(repositories('AuthorizationPolicy').together)['contracts/p.json'];

test('the contract says how each exposure is told apart, and holds nothing of the provider alone', () => {
  const { common, exposures } = JSON.parse(written);
  expect(common.host).toBe('c2.example.com');
  expect(exposures.map(({ key, toldApart }: { key: string; toldApart: object }) => [key, toldApart])).toEqual([
    ['app/db:9000', { by: 'port', sni: 'c2.example.com' }],
    ['app/own:443', { by: 'sni', sni: 'own.example' }],
    ['app/two:8002', { by: 'path', prefix: '/app/two/8002/_/' }],
    ['app/web:8000/v1', { by: 'path', prefix: '/app/web/8000/v1/' }],
  ]);
  expect(written).not.toContain('alsoFrom');
  expect(written).not.toContain('targetPort');
});

/** What reading the contract says with another value in a field (none: without it), sealed anew. */
function reading(field: string, value: unknown): string {
  const { seal: _, ...document } = JSON.parse(written) as Record<string, unknown>;
  const path = field.split('.');
  const last = path.pop() as string;
  const parent = path.reduce((at, key) => at[key] as Record<string, unknown>, document);
  // JSON leaves undefined out
  parent[last] = value;
  return messageOf(() =>
    consume(new Fleet(), Contract.parse(writeSealed(JSON.parse(JSON.stringify(document))), 'p.json')),
  );
}

describe('a contract is refused', () => {
  test('when it was edited', () => {
    const edited = written.replace('/app/web/8000/v1/', '/app/web/8000/_/');
    expect(messageOf(() => Contract.parse(edited, 'p.json'))).toBe(
      "MESH1503 p.json: field 'exposures[3].toldApart.prefix' was changed after the contract was written; change the provider's main.ts and synthesize it again",
    );
  });

  test.each([
    ['of another version', 'version', 1, "MESH1502 p.json: field 'version' is 1, expected 2"],
    ['for somebody else', 'consumer.name', 'c3', "MESH1504 p.json: field 'consumer.name' is 'c3', here it is 'c1'"],
    [
      'of another strategy',
      'strategy',
      'SomethingElse',
      "MESH1504 p.json: field 'strategy' is 'SomethingElse', here it is 'PrivateGatewayPeering'",
    ],
    ['without its host', 'common.host', undefined, "MESH1507 p.json: field 'common.host' is missing"],
    [
      'whose clients need no certificate',
      'common.tls.clientCertificate',
      'optional',
      "MESH1507 p.json: field 'common.tls.clientCertificate' is unknown",
    ],
    [
      'with a field of a later version',
      'exposures.0.retries',
      3,
      "MESH1507 p.json: field 'exposures[0].retries' is unknown",
    ],
    [
      'about another certificate of ours',
      'common.tls.client.subjectAltName',
      'spiffe://c3.example/egw',
      "MESH1504 p.json: field 'common.tls.client.subjectAltName' is 'spiffe://c3.example/egw', our credential 'c1-client' says 'spiffe://c1.example/egw'",
    ],
  ])('%s', (_, field, value, message) => {
    expect(reading(field, value)).toContain(message);
  });

  test('for a certificate that another authority signed', () => {
    const signer = TrustBundle.declared('other-ca', { rootSha256: ['cc'.repeat(32)] });
    const own = Credential.secret('c1-client', { identity: Identity.spiffe('c1.example/egw'), signer });
    const contract = Contract.parse(written, 'p.json');
    expect(messageOf(() => consume(new Fleet(), contract, own))).toContain(
      `MESH1504 p.json: field 'common.tls.client.signer.sha256' is ${consumersCa.rootSha256[0]}`,
    );
  });

  test('for options of the side that wrote it', () => {
    const contract = Contract.parse(written, 'p.json');
    const fleet = new Fleet();
    const peering = PrivateGatewayPeering.fromContract(fleet, { ...calling(fleet), contract, client });
    expect(messageOf(() => peering.exposure(KEYS[2]))).toBe("MESH1506 p: 'app/db:9000' carries tcp; use tcpExposure()");
    const elsewhere = mesh(fleet, 'x').service('web', { namespace: 'app', ports: [Port.http(80)] });
    expect(messageOf(() => peering.expose(elsewhere, { allow: [] }))).toContain('MESH1505 p');
  });
});

test('a mesh contract that was edited is refused, too', () => {
  const text = synth((fleet) => calling(fleet).consumer.introduce('p', { client }))['contracts/c1.mesh.json'];
  expect(() => MeshContract.parse(text, 'c1.mesh.json')).not.toThrow();
  expect(messageOf(() => MeshContract.parse(text.replace('spiffe://c1', 'spiffe://c3'), 'c1.mesh.json'))).toContain(
    "MESH1503 c1.mesh.json: field 'peerings[0].client.subjectAltName' was changed",
  );
});
