import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { goldenScenarios } from '../../../testbed/bed/golden';
import { select } from '../../../testbed/bed/registry';
import type { Scenario } from '../../../testbed/bed/scenario';

const scenario = (name: string, clusters: Scenario['clusters'] = {}): Scenario => ({ name, clusters });

const ALL = {
  scenarios: [
    scenario('plain'),
    scenario('golden/01-a'),
    scenario('golden/02-b'),
    scenario('other', { c: { crds: ['none.yaml'] } }),
  ],
  broken: [{ file: 'wrong.ts', why: 'it has no default export' }],
};

const names = (wanted: string[]) => select(ALL, wanted).scenarios.map(({ name }) => name);

describe('select', () => {
  it('finds a scenario by its name and a family by the part before the slash', () => {
    expect(names(['plain'])).toEqual(['plain']);
    expect(names(['golden'])).toEqual(['golden/01-a', 'golden/02-b']);
    expect(names(['golden/02-b', 'golden'])).toEqual(['golden/02-b', 'golden/01-a']);
  });

  it('takes all that can run here, and says what cannot, without failing the run', () => {
    const { scenarios, missing } = select({ ...ALL, broken: [] }, []);
    expect(scenarios).toHaveLength(3);
    expect(missing).toEqual([{ name: 'other', why: 'needs none.yaml, which is not here', asked: false }]);
  });

  it('fails a run that asks for what cannot run, or does not exist', () => {
    expect(select(ALL, ['other']).missing[0].asked).toBe(true);
    expect(select(ALL, ['gold']).missing).toEqual([
      {
        name: 'gold',
        why: 'no such scenario; there are plain, golden/01-a, golden/02-b, other; scenarios/wrong.ts cannot be read: it has no default export',
        asked: true,
      },
    ]);
  });

  it('fails a run of all when a file cannot be read', () => {
    expect(select(ALL, []).missing[0]).toEqual({
      name: 'scenarios/wrong.ts',
      why: 'it has no default export',
      asked: true,
    });
  });
});

describe('goldenScenarios', () => {
  it('reads environment, calls and manifests of every folder', () => {
    // GIVEN
    const folder = mkdtempSync(path.join(tmpdir(), 'golden-'));
    const one = path.join(folder, '01-one');
    mkdirSync(one);
    mkdirSync(path.join(folder, 'not-a-scenario'));
    writeFileSync(
      path.join(one, 'bed.json'),
      JSON.stringify({
        clusters: { c1: { mesh: { trustDomain: 'a' }, root: 'shared' }, c2: {} },
        dns: { c1: { host: '10.72.0.10' } },
        pki: [{ name: 'client', ca: 'root' }],
        secrets: [{ cluster: 'c2', namespace: 'n', name: 's', data: { 'ca.crt': 'ca:root' } }],
      }),
    );
    writeFileSync(
      path.join(one, 'calls.json'),
      JSON.stringify([
        {
          from: { cluster: 'c1', namespace: 'n', workload: 'w' },
          url: 'http://host/',
          clientCert: 'client',
          before: [{ sleep: 2 }, { cluster: 'c1', kubectl: ['scale'] }],
          expect: { code: 200 },
          why: 'because',
        },
      ]),
    );

    // WHEN
    const [found, ...others] = goldenScenarios(folder);
    rmSync(folder, { recursive: true });

    // THEN
    expect(others).toEqual([]);
    expect(found.name).toBe('golden/01-one');
    expect(found.clusters.c1).toMatchObject({
      controlPlane: { mesh: { trustDomain: 'a' }, root: 'shared' },
      dns: { host: '10.72.0.10' },
      apply: [path.join(one, 'c1')],
    });
    expect(found.clusters.c2.secrets).toHaveLength(1);
    expect(found.certificates).toEqual([{ name: 'client', ca: 'root' }]);
    expect(found.calls).toEqual([
      {
        from: 'c1/n/w',
        url: 'http://host/',
        as: 'client',
        before: [{ cluster: 'c1', kubectl: ['scale'] }],
        expect: { code: 200 },
        why: 'because',
      },
    ]);
  });

  it('finds nothing where there is no folder', () => {
    expect(goldenScenarios('/does/not/exist')).toEqual([]);
  });
});
