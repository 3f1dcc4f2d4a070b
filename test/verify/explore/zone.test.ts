import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetDocument } from '../../../lib/facts/fleet';
import { type Exposure, exposuresOf } from '../../../lib/verify/explore/exposures';
import { describeCallers } from '../../../lib/verify/explore/who';
import { Zone, type ZoneRule } from '../../../lib/verify/explore/zone';
import { World } from '../../../lib/verify/world/world';
import { golden } from '../../../tools/oracle/golden';

const { facts, resources } = golden('07-private-gateways-http');
const world = new World(facts, resources);

const said = (one: Exposure) =>
  `${one.isOutside ? 'outside' : 'meant'}: ${describeCallers(one.callers, world)} → ${one.server} ${one.requests.map(({ methods, paths }) => `${methods} ${paths}`).join('; ')}`;

const judged = (zone: Zone, wanted: string) =>
  exposuresOf(world, { zone })
    .exposures.map(said)
    .filter((line) => line.includes(wanted));

const RATINGS = 'c2/bookinfo/ratings-v1';
const zoneOf = (...rules: ZoneRule[]) => new Zone(rules, world);

test('without rules every call from another cluster is outside, and none inside of one', () => {
  expect(judged(zoneOf(), RATINGS)).toEqual([
    expect.stringMatching(
      /^outside: outside of c2: a certificate of example-c1-ca named .*istio-private-egressgateway/,
    ),
    expect.stringMatching(/^outside: network of c1: a certificate of root-c1 named .*sa\/sleep → .* GET any$/),
    expect.stringMatching(/^meant: network of c2: a certificate of root-c2/),
    `outside: c1/default/sleep → ${RATINGS} GET any`,
  ]);
});

test('a rule divides calls at its own paths', () => {
  const zone = zoneOf({ to: ['c2/bookinfo/*'], from: ['c1/default/*'], methods: ['GET'], paths: ['/ratings/*'] });
  expect(judged(zone, 'c1/default/sleep → c2/bookinfo/ratings')).toEqual([
    `meant: c1/default/sleep → ${RATINGS} GET /ratings/*`,
    `outside: c1/default/sleep → ${RATINGS} GET any but /ratings/*`,
  ]);
});

test('callers are named as workloads, as names of certificates, or as anyone', () => {
  const all = (from: string) =>
    judged(zoneOf({ to: [RATINGS], from: [from] }), RATINGS).map((line) => line.slice(0, 7));
  expect(all('anyone')).toEqual(['meant: ', 'meant: ', 'meant: ', 'meant: ']);
  // whoever has the certificate of a workload is that workload
  expect(all('c1/default/sleep')).toEqual(['outside', 'meant: ', 'meant: ', 'meant: ']);
  expect(all('spiffe://cluster.local/ns/default/sa/sleep')).toEqual(['outside', 'meant: ', 'meant: ', 'meant: ']);
  expect(all('spiffe://c1.example.com/*')).toEqual(['meant: ', 'outside', 'meant: ', 'outside']);
  expect(all('c1/default/nobody')).toEqual(['outside', 'outside', 'meant: ', 'outside']);
});

const fleet = (change: object = {}): FleetDocument => ({
  version: 1,
  clusters: [],
  meshes: ['c1', 'c2'].map((name) => ({
    ...{ name, cluster: name, trustDomain: 'cluster.local' },
  })) as unknown as FleetDocument['meshes'],
  peerings: [
    {
      ...{ name: 'p', path: 'p', strategy: 'PrivateGatewayPeering', consumer: 'c1', provider: 'c2', tls: 'mutual' },
      client: { subjectAltName: 'spiffe://c1.example.com/istio-private-egressgateway' },
      exposures: [
        {
          key: 'bookinfo/ratings:9080',
          protocol: 'http',
          access: [{ kind: 'http', methods: ['GET'] }],
          backend: { labels: { app: 'ratings' }, port: 9080 },
        },
      ],
      ...change,
    } as unknown as FleetDocument['peerings'][number],
  ],
  secrets: [],
});

test('a fleet means what its peerings allow', () => {
  const verdicts = (change: object = {}) =>
    judged(Zone.ofFleet(fleet(change), world), RATINGS).map((line) => line.slice(0, 7));
  expect(verdicts()).toEqual(['meant: ', 'meant: ', 'meant: ', 'meant: ']);
  const narrow = { callers: { namespaces: ['default'], labels: { app: 'other' } } };
  // no certificate says which labels a pod has
  expect(verdicts(narrow)).toEqual(['meant: ', 'meant: ', 'meant: ', 'outside']);
  const others = { callers: { ...narrow.callers, serviceAccounts: ['default/other'] } };
  expect(verdicts(others)).toEqual(['meant: ', 'outside', 'meant: ', 'outside']);
  // whoever has the certificate of a caller is that caller, also where no manifest holds its pod
  const named = { callers: { namespaces: ['default'], labels: { app: 'other' }, serviceAccounts: ['default/sleep'] } };
  expect(verdicts(named)).toEqual(['meant: ', 'meant: ', 'meant: ', 'outside']);
  expect(verdicts({ client: { subjectAltName: 'spiffe://other' } })).toEqual([
    'outside',
    'meant: ',
    'meant: ',
    'meant: ',
  ]);
  // nobody can be told apart where the hop asks for no certificate
  expect(verdicts({ client: undefined, ...narrow })).toEqual(['meant: ', 'meant: ', 'meant: ', 'meant: ']);
  expect(verdicts({ exposures: [] })).toEqual(['outside', 'outside', 'meant: ', 'outside']);
});

describe('a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zone-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const read = (text: string) => {
    const file = join(folder, 'zone.yaml');
    writeFileSync(file, text);
    return Zone.ofFile(file, world).rules;
  };

  test('holds rules', () => {
    expect(read('allow:\n- { to: [a/b/c], from: [anyone], methods: [GET] }\n')).toEqual([
      { to: ['a/b/c'], from: ['anyone'], methods: ['GET'] },
    ]);
    expect(read('allow: []')).toEqual([]);
  });

  test.each([
    ['', "'allow' is missing"],
    ['allow: x', '\'allow\' is "x"'],
    ['allow: []\ndeny: []', "field 'deny' is unknown"],
    ['allow: [', 'the file cannot be read as YAML'],
    ['allow: [{ to: [a], from: [b], paths: /x }]', '\'paths\' of allow[0] is "/x", no list of texts'],
    ['allow: [{ to: [], from: [b] }]', "'to' of allow[0] is [], no list of texts"],
    ['allow: [{ to: [a] }]', "allow[0] has no 'from'"],
    ['allow: [null]', "allow[0] has no 'to'"],
    ['allow: [{ to: [a], from: [b], path: [/x] }]', "field 'path' of allow[0] is unknown"],
  ])('that says %j is refused', (text, message) => {
    expect(() => read(text)).toThrow(`MESH4050 ${join(folder, 'zone.yaml')}: ${message}`);
    expect(() => read(text)).toThrow(
      "expected 'allow', a list of rules with 'to', 'from', and maybe 'methods' and 'paths'",
    );
  });

  test('that is not there is refused', () => {
    expect(() => Zone.ofFile(join(folder, 'nowhere'), world)).toThrow(
      /^MESH4050 .*nowhere: the file cannot be read as YAML \(ENOENT/,
    );
  });
});
