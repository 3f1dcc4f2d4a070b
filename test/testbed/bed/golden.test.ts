import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundles } from '../../../imports/schema';
import { GOLDEN, goldenCalls, goldenScenarios } from '../../../testbed/bed/golden';

const folder = mkdtempSync(path.join(tmpdir(), 'golden-'));
afterAll(() => rmSync(folder, { recursive: true }));

const CALL = { from: 'c1/n/w', url: 'http://host/', as: 'client', expect: { code: 200 }, why: 'because' };

function golden(name: string, bed: object, calls: object[] = [CALL]): string {
  const one = path.join(folder, name);
  for (const cluster of ['c1', 'c2']) mkdirSync(path.join(one, name, cluster), { recursive: true });
  writeFileSync(path.join(one, name, 'bed.json'), JSON.stringify(bed));
  writeFileSync(path.join(one, name, 'calls.json'), JSON.stringify(calls));
  return one;
}

describe('goldenScenarios', () => {
  it('reads environment, calls and manifests of every folder', () => {
    // GIVEN
    const secret = { namespace: 'n', name: 's', data: { 'ca.crt': 'ca:root' } };
    const bed = {
      clusters: { c1: { controlPlane: { network: 'net' }, dns: { host: '10.72.0.10' } }, c2: { secrets: [secret] } },
      certificates: [{ name: 'client', ca: 'root' }],
    };
    const one = golden('01-one', bed);
    mkdirSync(path.join(one, 'not-a-scenario'));
    // WHEN
    const found = goldenScenarios(one);
    // THEN
    expect(found).toEqual([
      {
        name: 'golden/01-one',
        clusters: {
          c1: { ...bed.clusters.c1, apply: [path.join(one, '01-one', 'c1')] },
          c2: { secrets: [secret], apply: [path.join(one, '01-one', 'c2')] },
        },
        certificates: bed.certificates,
        calls: [CALL],
      },
    ]);
  });

  it.each([
    ['bed', { clusters: {}, pki: [] }, [CALL], /bed\.json: unknown field 'pki', expected clusters, certificates$/],
    [
      'setup',
      { clusters: { c1: { mesh: {} } } },
      [CALL],
      /bed\.json: c1: unknown field 'mesh', expected controlPlane,/,
    ],
    ['call', { clusters: {} }, [{ ...CALL, clientCert: 'x' }], /calls\.json: call 0: unknown field 'clientCert'/],
    ['expect', { clusters: {} }, [CALL, { ...CALL, expect: { status: 1 } }], /call 1: expect: unknown field 'status'/],
    ['folder', { clusters: { c3: {} } }, [CALL], /bed\.json: c3: there is no folder .*c3$/],
  ])('refuses what nobody would read: %s', (name, bed, calls, message) => {
    expect(() => goldenScenarios(golden(name, bed, calls))).toThrow(message);
  });
});

test('goldenCalls gives all calls, or those with the given numbers', () => {
  const one = path.join(golden('numbers', { clusters: {} }, [CALL, { ...CALL, url: 'http://b/' }]), 'numbers');
  expect(goldenCalls(one).map(({ url }) => url)).toEqual(['http://host/', 'http://b/']);
  expect(goldenCalls(one, [1]).map(({ url }) => url)).toEqual(['http://b/']);
});

describe('the golden folder', () => {
  const scenarios = goldenScenarios(GOLDEN);

  it('holds eighteen scenarios, each with calls, manifests and a page', () => {
    expect(scenarios.map(({ name }) => Number(name.slice('golden/'.length, 'golden/'.length + 2)))).toEqual(
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
    for (const { name, calls, clusters } of scenarios) {
      expect([name, calls?.length]).not.toEqual([name, 0]);
      for (const { apply = [] } of Object.values(clusters)) expect(readdirSync(apply[0])).not.toEqual([]);
      const page = readFileSync(path.join(GOLDEN, path.basename(name), 'README.md'), 'utf8');
      expect(page).toMatch(/^# /);
    }
  });

  it('names certificates, clusters and definitions that there are', () => {
    for (const { name, calls = [], clusters, certificates = [] } of scenarios) {
      const known = new Set(certificates.map((certificate) => certificate.name));
      for (const call of calls) {
        expect(Object.keys(clusters)).toContain(call.from.split('/')[0]);
        if (call.as !== undefined) expect([name, known.has(call.as)]).toEqual([name, true]);
      }
      const sources = Object.values(clusters).flatMap(({ crds = [] }) => crds);
      expect([...bundles(), 'gateway-api']).toEqual(expect.arrayContaining(sources));
    }
  });
});
