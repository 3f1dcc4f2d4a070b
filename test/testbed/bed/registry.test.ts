import { select } from '../../../testbed/bed/registry';
import type { Scenario } from '../../../testbed/bed/scenario';

const scenario = (name: string): Scenario => ({ name, clusters: {} });

const ALL = {
  scenarios: [scenario('plain'), scenario('golden/01-a'), scenario('golden/02-b')],
  notRun: [{ name: 'crds/maistra', why: 'it is not here' }],
  broken: [{ file: 'scenarios/wrong.ts', why: 'it has no default export' }],
};

const names = (wanted: string[]) => select(ALL, wanted).scenarios.map(({ name }) => name);

describe('select', () => {
  it('finds a scenario by its name and a family by the part before the slash', () => {
    expect(names(['plain'])).toEqual(['plain']);
    expect(names(['golden'])).toEqual(['golden/01-a', 'golden/02-b']);
    expect(names(['golden/02-b', 'golden'])).toEqual(['golden/02-b', 'golden/01-a']);
  });

  it('takes all when nothing is named', () => {
    expect(select({ ...ALL, broken: [] }, [])).toEqual({
      scenarios: ALL.scenarios,
      notRun: ALL.notRun,
      wrong: [],
    });
  });

  it('says what does not exist, and what there is', () => {
    expect(select(ALL, ['gold', 'plain']).wrong).toEqual([
      'gold: no such scenario; there are plain, golden/01-a, golden/02-b; scenarios/wrong.ts cannot be read: it has no default export',
    ]);
    expect(select({ scenarios: [], notRun: [], broken: [] }, ['a']).wrong).toEqual([
      'a: no such scenario; there are none',
    ]);
  });

  it('says of what cannot run here why, and fails a run that asks for nothing else', () => {
    expect(select(ALL, ['crds'])).toEqual({
      scenarios: [],
      notRun: ALL.notRun,
      wrong: ['crds/maistra: it is not here'],
    });
    const family = { ...ALL, scenarios: [scenario('crds/sail')] };
    expect(select(family, ['crds'])).toMatchObject({
      scenarios: [{ name: 'crds/sail' }],
      notRun: ALL.notRun,
      wrong: [],
    });
    expect(select(family, ['crds/sail']).notRun).toEqual([]);
  });

  it('refuses a run of all when a file cannot be read, not one that names others', () => {
    expect(select(ALL, []).wrong).toEqual(['scenarios/wrong.ts cannot be read: it has no default export']);
    expect(select(ALL, ['plain']).wrong).toEqual([]);
  });
});
