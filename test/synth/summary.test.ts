import type { Finding } from '../../lib/facts/finding';
import type { ChartFile } from '../../lib/synth/chart-file';
import { formatSummary, type SynthSummary } from '../../lib/synth/summary';

const NOTHING = { added: [], changed: [], removed: [] };

/** A synth of clusters with these numbers of objects, one file each. */
function synthOf(objects: Record<string, number>, more: Partial<SynthSummary>): SynthSummary {
  const files = Object.entries(objects).map(([cluster, count]) => ({ cluster, objects: Array(count).fill({}) }));
  return {
    emission: { files: [...files, { objects: [{}] }] as unknown as ChartFile[] },
    verdict: { errors: [], told: [], accepted: [] },
    output: { folders: Object.keys(objects) },
    changes: NOTHING,
    ...more,
  };
}

const finding = (severity: Finding['severity']) => ({ severity }) as Finding;
const accepted = { code: 'MESH3001', objects: [], message: 'clear text', reason: 'meant' };

test('a summary tells per cluster what was added, changed and removed; removed files are named', () => {
  const changes = {
    added: ['east/shop.new.consumer.k8s.yaml', 'fleet.json', 'contracts/new.json'],
    changed: ['east/0-shop.k8s.yaml', 'west/stock.public.k8s.yaml'],
    removed: ['east/shop.old.consumer.k8s.yaml', 'gone/0-gone.k8s.yaml'],
  };
  const verdict = { errors: [], told: [finding('warning'), finding('info')], accepted: [accepted, accepted] };
  expect(formatSummary('dist', synthOf({ west: 2, east: 3 }, { changes, verdict }))).toBe(
    [
      'dist: 5 objects for 2 clusters in 2 files, 1 warning, 1 info, 2 accepted findings',
      '  east: 1 added, 1 changed, 1 removed (shop.old.consumer.k8s.yaml)',
      '  gone: 1 removed (0-gone.k8s.yaml)',
      '  west: 1 changed',
      '  beside them: 2 added',
      '',
    ].join('\n'),
  );
});

test('where nothing changed, one line says so', () => {
  expect(formatSummary('dist', synthOf({ east: 1 }, {}))).toBe(
    'dist: 1 object for 1 cluster in 1 file\n  nothing changed\n',
  );
});

test('of a hundred clusters only those with changes have a line', () => {
  const changes = { ...NOTHING, changed: ['c7/0-m.k8s.yaml'] };
  const hundred = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`c${index}`, 1]));
  expect(formatSummary('dist', synthOf(hundred, { changes }))).toBe(
    'dist: 100 objects for 100 clusters in 100 files\n  c7: 1 changed\n  99 other clusters: unchanged\n',
  );
  expect(formatSummary('dist', synthOf({ c6: 1, c7: 1, c8: 1 }, { changes }))).toBe(
    'dist: 3 objects for 3 clusters in 3 files\n  c7: 1 changed\n  c6: unchanged\n  c8: unchanged\n',
  );
});

describe('a summary tells what became of the calls that the program states', () => {
  const calls = { calls: 412, exposures: 90, left: 0, doubtful: 0, unmodelled: [], unjudged: [] };
  const line = (proof: SynthSummary['proof']) =>
    formatSummary('dist', synthOf({ east: 1 }, { proof }))
      .split('\n')
      .slice(1, -2);

  test.each([
    ['all of them', calls, ['  412 calls traced: as stated']],
    ['one', { ...calls, calls: 1 }, ['  1 call traced: as stated']],
    ['doubtful ones', { ...calls, doubtful: 3 }, ['  412 calls traced: 3 doubtful, the others as stated']],
    [
      'objects that are not modelled',
      {
        ...calls,
        doubtful: 9,
        unmodelled: ['A', 'B', 'C', 'D'].map((kind, index) => ({ object: `${kind} a/b @c`, calls: 4 - index })),
      },
      [
        '  412 calls traced: 9 doubtful, the others as stated',
        '  not modelled: A a/b @c, which 4 calls pass',
        '  not modelled: B a/b @c, which 3 calls pass',
        '  not modelled: C a/b @c, which 2 calls pass',
        '  1 other object not modelled',
      ],
    ],
    [
      'one of them',
      { ...calls, doubtful: 1, unmodelled: [{ object: 'A a/b @c', calls: 1 }] },
      ['  412 calls traced: 1 doubtful, the others as stated', '  not modelled: A a/b @c, which 1 call passes'],
    ],
    ['a part', { ...calls, left: 710 }, ['  412 calls of 90 among 800 exposures traced: as stated']],
    ['none', { ...calls, calls: 0 }, []],
    ['nothing, where an object is refused', undefined, []],
  ])('%s', (_, proof, expected) => {
    expect(line(proof)).toEqual(expected);
  });

  test('and which peerings nobody can judge, the first of them by name', () => {
    const unjudged = ['a', 'b', 'c', 'd', 'e'].map((peering) => ({ peering, why: 'a router ends TLS' }));
    expect(line({ ...calls, unjudged })).toEqual([
      '  412 calls traced: as stated',
      ...['a', 'b', 'c'].map((name) => `  peering ${name} not judged: a router ends TLS`),
      '  2 other peerings not judged',
    ]);
  });
});
