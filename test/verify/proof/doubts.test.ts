import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fleet, type Manifest, type Mesh } from '../../../lib';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { Settled } from '../../../lib/verify/settled';
import { Tracer } from '../../../lib/verify/trace';
import { temporaryFolder } from '../../support/model';
import { ring } from '../../support/ring';

// cluster-0 calls cluster-1 and is called by it: one exposure each, of which three calls are traced

const object = (apiVersion: string, kind: string, namespace: string, spec: object): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'hand', namespace },
  spec,
});

/** What is proven where somebody's objects stand in cluster-1. */
function proofWith(manifests: readonly Manifest[], settled = new Settled()) {
  const fleet = ring(2, 1);
  const included = manifests.map((manifest) => ({ cluster: 'cluster-1', file: 'hand.yaml', manifest }));
  const { findings, proof } = judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included }, settled);
  expect(findings.filter(({ code }) => code !== 'MESH4011')).toEqual([]);
  return proof;
}

const WASM = object('extensions.istio.io/v1alpha1', 'WasmPlugin', 'gateways', { url: 'oci://example.com/filter:1' });
const LUA = object('networking.istio.io/v1alpha3', 'EnvoyFilter', 'gateways', {
  configPatches: [
    {
      applyTo: 'HTTP_FILTER',
      match: { context: 'GATEWAY' },
      patch: {
        operation: 'INSERT_BEFORE',
        value: {
          name: 'lua',
          typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua' },
        },
      },
    },
  ],
});
const rules = [{ to: [{ operation: { paths: ['/admin'] } }] }];
const policy = (spec: object) => object('security.istio.io/v1', 'AuthorizationPolicy', 'gateways', { rules, ...spec });
const CUSTOM = policy({ action: 'CUSTOM', provider: { name: 'opa' } });
const TARGETED = policy({
  action: 'DENY',
  targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }],
});
const NETWORK = object('networking.k8s.io/v1', 'NetworkPolicy', 'stock', { podSelector: {}, ingress: [] });
const route = (name: string, namespace = 'istio-system') =>
  object('gateway.networking.k8s.io/v1', 'HTTPRoute', namespace, {
    parentRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name, namespace: 'istio-system' }],
    rules: [{ backendRefs: [{ name: 'other', port: 80 }] }],
  });

/** The ServiceEntry by which a cluster knows the exposure that it calls. */
function importedInto(cluster: string): string {
  const entry = ring(2, 1)
    .manifests()
    .find((one) => one.cluster === cluster && one.manifest.kind === 'ServiceEntry');
  return entry?.manifest.metadata.name ?? '';
}

test.each<[string, Manifest, number]>([
  ['a WasmPlugin', WASM, 3],
  ['an EnvoyFilter that adds a filter which is not known', LUA, 3],
  ['a policy that asks somebody else, of calls that are answered', CUSTOM, 1],
  ['a policy with targetRefs, of calls that are answered', TARGETED, 1],
  ['a NetworkPolicy of which nobody says whether it is enforced, of calls that are answered', NETWORK, 1],
  ['a route of the Gateway API, of calls by its host', route(importedInto('cluster-1')), 3],
])('calls are doubtful that pass %s', (_, manifest, calls) => {
  const { kind, metadata } = manifest;
  expect(proofWith([manifest])).toEqual({
    ...{ calls: 6, exposures: 2, left: 0, unjudged: [] },
    doubtful: calls,
    unmodelled: [{ object: `${kind} ${metadata.namespace}/hand @cluster-1`, calls }],
  });
});

test.each([
  ['is in a namespace without a proxy in the way', { ...WASM, metadata: { name: 'hand', namespace: 'elsewhere' } }],
  ['selects other proxies', { ...WASM, spec: { ...(WASM.spec as object), selector: { matchLabels: { app: 'x' } } } }],
  ['is about another host', route('other')],
  ['is a route of callers that are elsewhere', route(importedInto('cluster-1'), 'elsewhere')],
])('calls are as stated where what is not modelled %s', (_, manifest) => {
  expect(proofWith([manifest])).toMatchObject({ doubtful: 0, unmodelled: [] });
});

test('a call that passes several objects is counted once, and objects of most calls come first', () => {
  const { doubtful, unmodelled } = proofWith([TARGETED, LUA]) ?? {};
  expect(doubtful).toBe(3);
  expect(unmodelled?.map(({ calls }) => calls)).toEqual([3, 1]);
});

test('what is doubtful is remembered as well', () => {
  const first = new Settled('tests');
  const proof = proofWith([WASM], first);
  const traced = jest.spyOn(Tracer.prototype, 'traceOnce');
  expect(proofWith([WASM], new Settled('tests', new Map(first.entries)))).toEqual(proof);
  expect(traced).not.toHaveBeenCalled();
  traced.mockRestore();
});

test('a synth says how many calls are doubtful, and because of what', () => {
  const folder = temporaryFolder();
  const printed: string[] = [];
  const fleet = ring(2, 1, new Fleet({ outdir: join(folder, 'dist'), print: (text) => printed.push(text) }));
  const path = join(folder, 'hand.yaml');
  writeFileSync(path, JSON.stringify(WASM));
  fleet.node
    .findAll()
    .find((one): one is Mesh => one.node.id === 'mesh-1')
    ?.include(path);
  fleet.synth();
  expect(printed.at(-1)).toContain(`
  6 calls traced: 3 doubtful, the others as stated
  not modelled: WasmPlugin gateways/hand @cluster-1, which 3 calls pass
`);
});
