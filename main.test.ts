import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { Fleet } from './lib';
import { describeManifest, type Manifest } from './lib/facts/manifest';
import { Mesh } from './lib/mesh/mesh';
import { main } from './main';
import { scenarios } from './scenarios';
import fleetSchema from './schema/fleet.schema.json';
import { validator } from './test/imports/validate';
import { filesOf, temporaryFolder } from './test/support/model';

const outdir = temporaryFolder();
const names = Object.keys(scenarios);
let printed = '';

beforeAll(() => {
  // WHEN
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  main({ outdir });
  write.mockRestore();
});

/** The fleet of a scenario: platforms by cluster, and objects. */
function build(name: string) {
  const fleet = new Fleet();
  scenarios[name](fleet);
  const meshes = fleet.node.findAll().filter(Mesh.isMesh);
  const platformsOf = (cluster: string) =>
    meshes.filter((mesh) => mesh.cluster.name === cluster).map(({ platform }) => platform);
  return { platformsOf, placed: fleet.manifests() };
}

test('every scenario has a folder in dist/, and dist/ has no other', () => {
  const foldersIn = (root: string) =>
    readdirSync(root).flatMap((family) => readdirSync(join(root, family)).map((variant) => `${family}/${variant}`));
  expect(foldersIn(outdir).sort()).toEqual([...names].sort());
  expect(foldersIn('dist').sort()).toEqual([...names].sort());
});

test('what is committed is what a fresh synth writes, to the byte', () => {
  expect(filesOf('dist')).toEqual(filesOf(outdir));
});

test('a second synth changes nothing', () => {
  const first = filesOf(outdir);
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  main({ outdir });
  write.mockRestore();
  expect(filesOf(outdir)).toEqual(first);
});

test('clear text is reported, and nothing worse', () => {
  const codes = [...new Set(printed.match(/\b(error|warning|info) MESH\d+/g))].sort();
  expect(codes.filter((code) => code.startsWith('error'))).toEqual([]);
  expect(codes).toContain('warning MESH3001');
});

test('no key material is written: no Secret, nothing that looks like a key', () => {
  const material = /-----BEGIN [A-Z ]*PRIVATE KEY-----|^kind: Secret$|^\s*tls\.key:|^\s*ca-key\.pem:|"kind": "Secret"/m;
  // GIVEN that the expression finds what it is for
  for (const text of [
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN EC PRIVATE KEY-----',
    'kind: Secret',
    'data:\n  tls.key: AAAA',
    'stringData:\n  ca-key.pem: |',
  ]) {
    expect(text).toMatch(material);
  }
  // THEN
  for (const [path, text] of Object.entries(filesOf(outdir)))
    expect([path, material.exec(text)?.[0]]).toEqual([path, undefined]);
});

describe.each(names)('%s', (name) => {
  // the bytes are in dist/, which a test above compares
  test('writes these objects', () => {
    const { placed } = build(name);
    const lines = placed.map(({ file, manifest }) => `${file}: ${describeManifest(manifest)}`);
    expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
  });

  test('is valid for the API servers of its clusters', () => {
    const { platformsOf, placed } = build(name);
    expect(placed.length).toBeGreaterThan(0);
    // there is no schema of IstioCNI
    const known = placed.filter(({ manifest: { kind } }) => kind !== 'IstioCNI');
    const problems = known.flatMap(({ cluster, manifest }) =>
      // meshes of one cluster share its CRDs
      platformsOf(cluster).flatMap(({ bundles }) => [...problemsOf(bundles, manifest), ...coreProblems(manifest)]),
    );
    expect(problems).toEqual([]);
  });

  test('names a namespace for every object that has one', () => {
    const clusterScoped = ['Namespace', 'Istio', 'IstioCNI', 'IstioRevisionTag'];
    const { placed } = build(name);
    const homeless = placed.filter(
      ({ manifest: { kind, metadata } }) => (metadata.namespace === undefined) !== clusterScoped.includes(kind),
    );
    expect(homeless.map(({ path }) => path)).toEqual([]);
  });

  test('fleet.json has its schema', () => {
    const validate = new Ajv2020({ allErrors: true }).compile(fleetSchema);
    validate(JSON.parse(readFileSync(join(outdir, name, 'fleet.json'), 'utf8')));
    expect(validate.errors ?? []).toEqual([]);
  });
});

const validators = new Map<string, ReturnType<typeof validator>>();

/** What the CRDs of a platform refuse; schemas are compiled once. */
function problemsOf(bundles: string[], manifest: Manifest): string[] {
  const key = bundles.join(' ');
  const validate = validators.get(key) ?? validator(bundles);
  validators.set(key, validate);
  return validate(manifest);
}

/** What API servers refuse of core kinds, as far as it can be seen here: selectors, ports, references. */
function coreProblems({ kind, metadata, spec }: Manifest): string[] {
  const where = `${kind} ${metadata.name}`;
  const { selector, template, ports } = (spec ?? {}) as {
    selector?: { matchLabels?: Record<string, string> };
    template?: { metadata: { labels: Record<string, string> } };
    ports?: { name: string; port: number }[];
  };
  if (kind === 'Deployment') {
    const labels = template?.metadata.labels ?? {};
    const wrong = Object.entries(selector?.matchLabels ?? { none: '' }).filter(([key, value]) => labels[key] !== value);
    return wrong.map(([key]) => `${where}: selector ${key} does not select its own pods`);
  }
  if (kind === 'Service') {
    const unique = new Set(ports?.map((port) => port.name)).size === ports?.length && (ports?.length ?? 0) > 0;
    return unique ? [] : [`${where}: ports need names of their own`];
  }
  return [];
}
