import { directionProblems } from '../../../tools/check/direction';

const manifest = { dependencies: { picomatch: '1' }, peerDependencies: { cdk8s: '2', '@scope/peer': '1' } };

/** Problems of files, of which each may import the others. */
function problems(files: Record<string, string>): string[] {
  return directionProblems(new Map(Object.entries(files)), manifest).map(({ where, message }) => `${where} ${message}`);
}

const TARGETS = {
  'imports/istio/index.ts': '',
  'lib/facts/port.ts': '',
  'lib/platform/platform.ts': '',
  'lib/trust/identity.ts': '',
  'lib/synth/yaml.ts': '',
  'lib/fleet/mesh.ts': '',
  'lib/traffic/rule.ts': '',
  'lib/peering/direct.ts': '',
  'lib/testing/index.ts': '',
  'lib/index.ts': '',
  'scenarios/other.ts': '',
  'test/a.test.ts': '',
  'tools/check/main.ts': '',
};

test.each([
  ['lib/fleet/a.ts', '../facts/port'],
  ['lib/fleet/a.ts', './mesh'],
  ['lib/fleet/a.ts', '../../imports/istio'],
  ['lib/peering/a.ts', '../traffic/rule'],
  ['lib/testing/a.ts', '../peering/direct'],
  ['lib/testing/a.ts', '..'],
  ['lib/index.ts', './peering/direct'],
  ['scenarios/a.ts', '../lib'],
  ['scenarios/a.ts', './other'],
  ['main.ts', './lib'],
  ['main.ts', './scenarios/other'],
  ['lib/facts/a.ts', 'cdk8s'],
  ['lib/facts/a.ts', 'cdk8s/lib/app'],
  ['lib/facts/a.ts', '@scope/peer/x'],
  ['lib/facts/a.ts', 'picomatch'],
  ['lib/facts/a.ts', 'fs'],
  ['lib/facts/a.ts', 'node:fs/promises'],
  ['test/b.test.ts', '../lib/fleet/mesh'],
])('%s may import %s', (from, specifier) => {
  expect(problems({ ...TARGETS, [from]: `import '${specifier}';` })).toEqual([]);
});

test.each([
  ['imports/a.ts', '../lib/facts/port', 'imports lib/facts/port.ts; imports may import imports'],
  ['lib/facts/a.ts', '../fleet/mesh', 'imports lib/fleet/mesh.ts; lib/facts may import lib/facts, imports, schema'],
  [
    'lib/trust/a.ts',
    '../platform/platform',
    'imports lib/platform/platform.ts; lib/trust may import lib/trust, imports, schema, lib/facts',
  ],
  ['lib/fleet/a.ts', '../index', /^lib\/fleet\/a\.ts:1 imports lib\/index\.ts; lib\/fleet may import lib\/fleet, /],
  ['lib/peering/a.ts', '../testing', /imports lib\/testing\/index\.ts; lib\/peering may import/],
  ['lib/peering/a.ts', '../../scenarios/other', /imports scenarios\/other\.ts; lib\/peering may import/],
  ['lib/testing/a.ts', '../../test/a.test', /imports test\/a\.test\.ts; lib\/testing may import/],
  ['lib/synth/a.ts', '../../tools/check/main', /imports tools\/check\/main\.ts; lib\/synth may import/],
  ['scenarios/a.ts', '../lib/fleet/mesh', 'imports lib/fleet/mesh.ts; scenarios may import scenarios, lib/index.ts'],
  ['main.ts', './lib/fleet/mesh', 'imports lib/fleet/mesh.ts; main.ts may import main.ts, lib/index.ts, scenarios'],
  ['lib/fleet/a.ts', './gone', "imports './gone', which is no file of the repository"],
  [
    'lib/fleet/a.ts',
    'yaml',
    "imports 'yaml', which users do not have; expected a dependency or peer dependency of package.json (@scope/peer, cdk8s, picomatch) or a module of Node",
  ],
  ['lib/new/a.ts', 'fs', /is in no folder that has a place in the order; expected imports, schema, lib\/facts, /],
])('%s must not import %s', (from, specifier, expected) => {
  const found = problems({ ...TARGETS, [from]: `import '${specifier}';` });
  expect(found).toEqual([typeof expected === 'string' ? `${from}:1 ${expected}` : expect.stringMatching(expected)]);
});

test('imports of types count, too', () => {
  expect(problems({ ...TARGETS, 'lib/facts/a.ts': "\nimport type { Mesh } from '../fleet/mesh';" })).toEqual([
    'lib/facts/a.ts:2 imports lib/fleet/mesh.ts; lib/facts may import lib/facts, imports, schema',
  ]);
});

test('a computed import hides its direction', () => {
  expect(problems({ 'lib/facts/a.ts': 'require(process.argv[2]);' })).toEqual([
    'lib/facts/a.ts:1 imports a computed name; expected a string, so that its direction can be seen',
  ]);
});
