import type { KubeObject } from '../../../../testbed/kubernetes/types';
import { randomCall } from '../../../../testbed/prediction/random/calls';
import { randomChange } from '../../../../testbed/prediction/random/changes';
import type { BedState } from '../../../../testbed/prediction/state';
import { Random } from '../../../../tools/random';

const object = (kind: string, name: string, spec: object): KubeObject => ({
  ...{ apiVersion: 'v1', kind },
  metadata: { name, namespace: 'ns' },
  spec,
});
const containers = (name: string) => ({ template: { spec: { containers: [{ name }] } } });
const state: BedState = {
  certificates: [],
  clusters: {
    c1: {
      ...{ root: 'r', dns: {}, failing: {} },
      objects: [
        object('Deployment', 'web', containers('app')),
        object('Deployment', 'gone', { replicas: 0, ...containers('app') }),
        object('Deployment', 'gateway', containers('istio-proxy')),
        object('Service', 'web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] }),
        object('Service', 'istiod', { ports: [{ port: 15010 }] }),
        object('VirtualService', 'web', { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }] }] }),
        object('ServiceEntry', 'x', { hosts: ['*.x.example'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] }),
      ],
    },
  },
};
const seeds = Array.from({ length: 300 }, (_, seed) => new Random(seed + 1));

test('a seed determines changes and calls', () => {
  const known = [{ from: 'c1/ns/web', url: 'http://web.ns/', expect: {}, why: '' }];
  const both = () => {
    const random = new Random(7);
    return [randomChange(random, state), randomCall(random, state, known)];
  };
  expect(both()).toEqual(both());
});

test('a change is of one object, never of what the testbed stands on, and leaves the state as it is', () => {
  const before = structuredClone(state);
  const changes = seeds.map((random) => randomChange(random, state));
  expect(state).toEqual(before);
  for (const { before: old, after } of changes) {
    expect(['Deployment']).not.toContain((old ?? after)?.kind);
    expect((old ?? after)?.metadata.name).not.toBe('istiod');
    expect(after).not.toEqual(old);
  }
  const kinds = changes.map((change) => (change.before ? (change.after ? 'change' : 'delete') : 'add'));
  expect(new Set(kinds)).toEqual(new Set(['change', 'delete', 'add']));
});

test('a change says what it does', () => {
  const texts = seeds.map((random) => randomChange(random, state).what);
  expect(texts).toContainEqual(expect.stringMatching(/^deletes /));
  expect(texts).toContainEqual(expect.stringMatching(/^Service ns\/web: spec\.ports\[0\]\.\w+ is .*, was /));
  expect(texts).toContainEqual(expect.stringMatching(/ is left out$/));
});

test('a call is from a workload that runs and is no gateway, to a host that there is', () => {
  const calls = seeds.map((random) => randomCall(random, state, []));
  expect(new Set(calls.map(({ from }) => from))).toEqual(new Set(['c1/ns/web']));
  const urls = calls.map(({ url }) => url);
  expect(urls).toContainEqual(expect.stringMatching(/^http:\/\/web\.ns:80\//));
  expect(urls).toContainEqual(expect.stringMatching(/^https:\/\/any\.x\.example:443\//));
});

test('a call of the scenario is made with something else in it', () => {
  const known = [
    { from: 'c1/ns/web', url: 'https://web.ns:8443/a', as: 'me', expect: { code: 200 }, why: 'because' },
    { from: 'c1/ns/web', url: 'http://web.ns/?fail=1&id=x', expect: {}, why: '' },
  ];
  const calls = seeds.map((random) => randomCall(random, state, known));
  expect(calls.every(({ expect: none }) => Object.keys(none).length === 0)).toBe(true);
  expect(calls.some(({ url }) => url.includes('fail='))).toBe(false);
  expect(calls.some(({ url, as }) => url.startsWith('https://web.ns:8443/') && as === undefined)).toBe(true);
  expect(calls.some(({ url, as }) => url === 'https://web.ns:8443/a' && as === 'me')).toBe(true);
  expect(calls.some(({ url }) => /^https:\/\/web\.ns:(?!8443)\d+\/a$/.test(url))).toBe(true);
});

test('a cluster without hosts is called from and changed all the same', () => {
  const objects = [object('Deployment', 'web', containers('app'))];
  const bare: BedState = { ...state, clusters: { c1: { ...state.clusters.c1, objects } } };
  const nobody: BedState = { ...state, clusters: { c1: { ...state.clusters.c1, objects: [] } } };
  const known = [{ from: 'c1/ns/web', url: 'http://red.example/', expect: {}, why: '' }];
  for (const random of seeds) {
    expect(randomCall(random, bare, known).from).toBe('c1/ns/web');
    expect(randomChange(random, nobody).what).toMatch(/^adds /);
  }
});
