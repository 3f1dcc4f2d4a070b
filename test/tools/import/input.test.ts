import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cacheFolder,
  loadBundles,
  loadPresent,
  MODULES,
  missingIn,
  originOf,
  SOURCES,
  type Source,
} from '../../../tools/import/input';
import { crd } from './fixtures';

const dir = mkdtempSync(join(tmpdir(), 'crds-'));

function source(file: string, text: string, bundle = 'b'): Source {
  writeFileSync(join(dir, file), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { file, bundle, project: 'https://example.com/p', path: `crds/${file}`, version: 'v1.2.3', sha256 };
}

test('CRDs by bundle, whatever the order of the list', () => {
  const list = [
    source('z.yaml', crd({ kind: 'Z' })),
    source('a.yaml', crd({ kind: 'A' })),
    source('c.yaml', crd({ kind: 'C' }), 'c'),
  ];
  const kinds = (sources: Source[]): unknown =>
    [...loadBundles(dir, sources)].map(([bundle, crds]) => [bundle, crds.map((c) => c.kind)]);
  expect(kinds(list)).toEqual([
    ['b', ['A', 'Z']],
    ['c', ['C']],
  ]);
  expect(kinds([...list].reverse())).toEqual(kinds(list));
});

test('other bytes are refused, with origin and fix', () => {
  const one = source('one.yaml', crd({ kind: 'One' }));
  writeFileSync(join(dir, 'one.yaml'), `${crd({ kind: 'One' })} `);
  expect(() => loadBundles(dir, [one])).toThrow(
    new RegExp(
      `one\\.yaml: sha256 is [0-9a-f]{64}, tools/import/sources\\.json expects ${one.sha256} \\(crds/one\\.yaml of ` +
        'https://example\\.com/p, v1\\.2\\.3\\); restore the file, or update its version and sha256 in sources\\.json if the new bytes are meant',
    ),
  );
});

test('a missing file is named with where to get it', () => {
  const gone = { ...source('there.yaml', crd({ kind: 'There' })), file: 'gone.yaml' };
  expect(() => loadBundles(dir, [gone])).toThrow(
    /gone\.yaml: the file is missing; it is crds\/there\.yaml of https:\/\/example\.com\/p, v1\.2\.3$/,
  );
});

test('of a folder that lacks files, the bundles that are whole', () => {
  const list = [
    source('one.yaml', crd({ kind: 'One' })),
    source('two.yaml', crd({ kind: 'Two' }), 'c'),
    { ...source('three.yaml', crd({ kind: 'Three' }), 'c'), file: 'not-there.yaml' },
  ];
  expect(missingIn(dir, list).map(({ file }) => file)).toEqual(['not-there.yaml']);
  expect([...loadPresent(dir, list).keys()]).toEqual(['b']);
});

test("the files are kept in the user's cache", () => {
  expect(cacheFolder({ XDG_CACHE_HOME: '/c' })).toBe(join('/c', 'cdk8s-multimesh', 'crds'));
  expect(cacheFolder({})).toBe(join(homedir(), '.cache', 'cdk8s-multimesh', 'crds'));
});

test('sources.json names origin and checksum of every file, once', () => {
  expect(new Set(SOURCES.map((s) => s.file)).size).toBe(SOURCES.length);
  for (const s of SOURCES) {
    if (s.module === undefined) {
      expect(s.project).toMatch(/^https:\/\/github\.com\//);
      expect(s.version).not.toBe('');
    } else {
      expect(Object.keys(MODULES)).toContain(s.module);
    }
    expect(s.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(originOf(s)).not.toContain('undefined');
  }
  expect(new Set(SOURCES.flatMap((s) => s.module ?? []))).toEqual(new Set(Object.keys(MODULES)));
});
