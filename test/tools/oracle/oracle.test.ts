import { ControlPlane } from '../../../lib/verify/control-plane';
import { World } from '../../../lib/verify/world/world';
import type { OracleAnswer, PushedCluster } from '../../../tools/oracle/answer';
import { admissionCase, istioResources, oracleCase } from '../../../tools/oracle/case';
import { compare } from '../../../tools/oracle/compare';
import { randomWorld } from '../../../tools/oracle/generator/generate';
import { golden, goldens } from '../../../tools/oracle/golden';
import { pushedChain, pushedEndpoints } from '../../../tools/oracle/normal';
import { Tally } from '../../../tools/oracle/tally';
import { Random } from '../../../tools/random';

function planeOf(name: string, cluster: string): ControlPlane {
  const { facts, resources } = golden(name);
  const mesh = new World(facts, resources).meshes.get(cluster);
  if (!mesh) throw new Error(`there is no ${cluster}`);
  return new ControlPlane(mesh);
}

/** An istiod that sends nothing. */
const silent = (plane: ControlPlane, clusters: Readonly<Record<string, PushedCluster>> = {}): OracleAnswer => ({
  id: 'x',
  proxies: Object.fromEntries(
    plane.mesh.workloads.map(({ namespace, name }) => [
      `${namespace}/${name}`,
      { listeners: [], routes: {}, clusters, endpoints: {} },
    ]),
  ),
});

test('a case has the objects, and the pods and endpoints that Kubernetes would make', () => {
  const plane = planeOf('11-shared-root-auto-passthrough', 'c2');
  const { kubernetes, istio, proxies } = oracleCase('x', plane);
  const kinds = new Set(kubernetes.map((one) => (one as { kind: string }).kind));
  expect([...kinds].sort()).toEqual(['EndpointSlice', 'Namespace', 'Node', 'Pod', 'Service']);
  expect(istio).toHaveLength(istioResources(plane.mesh).length);
  expect(proxies.map(({ name, gateway }) => [name, gateway])).toContainEqual(['istio-ingressgateway', true]);
  expect(admissionCase('x', plane.mesh)).toMatchObject({ proxies: [], kubernetes: [] });
  expect(admissionCase('x', plane.mesh).istio).toHaveLength(istio.length);
});

test('all that the model has and istiod does not send is a difference', () => {
  const plane = planeOf('01-plain-serviceentry', 'c1');
  const differences = [...compare(plane, silent(plane))].filter(({ istiod, model }) => istiod !== model);
  expect(new Set(differences.map(({ kind }) => kind))).toEqual(new Set(['listener', 'cluster']));
  expect(differences.every(({ istiod }) => istiod === undefined)).toBe(true);
});

test('all that istiod sends and the model does not have is a difference', () => {
  const plane = planeOf('01-plain-serviceentry', 'c1');
  const items = [...compare(plane, silent(plane, { 'outbound|1||new.example': { type: 'EDS' } }))];
  expect(items.filter(({ what }) => what.endsWith('new.example')).map(({ model }) => model)).toEqual([undefined]);
});

test('a proxy without an answer is an error', () => {
  const plane = planeOf('01-plain-serviceentry', 'c1');
  expect(() => [...compare(plane, { id: 'x', proxies: {} })]).toThrow('the oracle has no answer for c1/');
});

test('a seed makes the same world again', () => {
  for (const one of goldens().slice(0, 4)) {
    const made = () => JSON.stringify(randomWorld(one, new Random(5)).resources.map(({ manifest }) => manifest));
    expect(made()).toBe(made());
  }
});

test('what the order of lists does not mean is not compared', () => {
  expect(pushedChain({ name: 'a', sni: ['x', 'y'], rbac: [{ action: 'LOG', policies: [] }] })).toBe(
    pushedChain({ name: 'b', sni: ['y', 'x'] }),
  );
  expect(pushedEndpoints([{ address: 'a:1', priority: 2 }, { address: ':2' }], false)).toBe(
    pushedEndpoints([{ address: 'a:1' }], false),
  );
});

describe('the tally', () => {
  const item = { kind: 'cluster', what: 'x', istiod: '1', model: '1' };
  beforeEach(() => jest.spyOn(console, 'log').mockImplementation(() => undefined));
  afterEach(() => jest.restoreAllMocks());

  test('counts what was compared', () => {
    const tally = new Tally(5);
    tally.compared('a', [item, { ...item, istiod: '2' }], []);
    tally.refused(['no']);
    expect([tally.differs, tally.summary()]).toEqual([
      false,
      '1 cases, 0 with a difference, 0 failed\n1 objects refused by the webhook and left out\n2 items compared, 0 different\n1 items that istiod answers by chance, once as the model does\n  cluster: 2, 0 different',
    ]);
  });

  test('differs with the first difference, and prints it', () => {
    const tally = new Tally(1);
    const differing = [
      { ...item, model: '2' },
      { ...item, model: '3' },
    ];
    tally.compared('a', [item, ...differing], differing);
    expect(tally.differs).toBe(true);
    expect(console.log).toHaveBeenCalledTimes(1);
    expect(console.log).toHaveBeenCalledWith('DIFFERENT cluster in a: x\n  istiod 1\n  model  2');
  });

  test('differs when istiod fails', () => {
    const tally = new Tally(1);
    tally.failed('a', 'panic');
    expect([tally.differs, tally.summary().split('\n')[0]]).toEqual([true, '1 cases, 0 with a difference, 1 failed']);
  });
});
