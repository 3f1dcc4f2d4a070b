import { Boxes } from '../../../lib/verify/explore/boxes';
import type { Listen, Sample } from '../../../lib/verify/explore/cells';
import { requestClasses } from '../../../lib/verify/explore/classes';
import { Domain, NOBODY } from '../../../lib/verify/explore/domain';
import { Explorer } from '../../../lib/verify/explore/explorer';
import { RequestOrigins } from '../../../lib/verify/run/origin';
import { matchesText, type TextMatch } from '../../../lib/verify/view/condition';

type Ask = (part: 'path' | 'method' | 'header x', kind: TextMatch['kind'], value: string) => boolean;

/** What a function makes of calls, as an explorer finds it. */
function explored<T>(decide: (ask: Ask) => T) {
  const explorer = new Explorer();
  const domain = new Domain([]);
  const run = (sample: Sample, listen: Listen) => {
    const origins = new RequestOrigins(listen(0));
    return decide((part, kind, value) => {
      const match = { kind, value };
      const text = sample.text(part);
      const answer = text !== undefined && matchesText(match, text);
      origins.note(part, match, answer);
      return answer;
    });
  };
  const cells = explorer.explore(domain, run);
  const results = [...new Set(cells.map(({ result }) => result))];
  const boxes = new Boxes(explorer, domain);
  const classes = results.map((result): [T, string[]] => {
    const own = cells.filter((cell) => cell.result === result).map(({ answers }) => answers);
    const found = requestClasses(boxes.simplified(own));
    return [result, found.map(({ methods, paths, others }) => [`${methods} ${paths}`, ...others].join(', '))];
  });
  return { cells, calls: explorer.calls, classes: Object.fromEntries(classes) };
}

test('a call of which nothing is asked is one cell', () => {
  const { cells, calls } = explored(() => 'same');
  expect([cells.length, calls, cells[0].answers]).toEqual([1, 1, []]);
});

test('cells are what is told apart, not every combination', () => {
  const { calls, classes } = explored((ask) => {
    if (ask('path', 'prefix', '/a/')) return ask('method', 'exact', 'GET') ? 'a' : 'denied';
    if (ask('path', 'exact', '/b')) return 'b';
    return 'none';
  });
  expect(calls).toBe(4);
  expect(classes).toEqual({
    a: ['GET /a/*'],
    denied: ['any but GET /a/*'],
    b: ['any /b'],
    none: ['any any but /a/*, /b'],
  });
});

test('what decides nothing is not said', () => {
  const { classes } = explored((ask) => {
    ask('header x', 'exact', 'y');
    if (ask('method', 'exact', 'GET') || ask('method', 'exact', 'HEAD')) return 'read';
    return ask('path', 'prefix', '/open') ? 'read' : 'denied';
  });
  expect(classes).toEqual({ read: ['GET,HEAD any', 'any /open*'], denied: ['any but GET, HEAD any but /open*'] });
});

test('absent headers match nothing', () => {
  const { classes } = explored((ask) =>
    ask('header x', 'regex', '.*') ? (ask('header x', 'exact', 'y') ? 'y' : 'other') : 'absent',
  );
  expect(classes).toEqual({
    absent: ['any any, x: any but something'],
    y: ['any any, x: y'],
    other: ['any any, x: something but y'],
  });
});

test('a cell beside which nobody knows of another is approximate', () => {
  const { cells } = explored((ask) => ask('path', 'regex', '/x\\b.*y'));
  expect(cells.map(({ result, isApproximate }) => [result, isApproximate])).toEqual([[false, true]]);
});

test('something that no question describes makes a cell approximate', () => {
  const explorer = new Explorer();
  const cells = explorer.explore(new Domain([]), (_, listen) => listen(0).blur());
  expect(cells.map(({ isApproximate }) => isApproximate)).toEqual([true]);
});

test('expressions that meet in more ways than one can look at are cut off, and say so', () => {
  const explorer = new Explorer();
  const cells = explorer.explore(new Domain([]), (sample, listen) => {
    for (let index = 0; index < 12; index++) {
      const match = { kind: 'contains', value: `-${String.fromCharCode(97 + index)}-` } as const;
      const text = sample.text('header x');
      listen(0).note({ about: 'header x', steps: [], match }, text !== undefined && matchesText(match, text));
    }
  });
  expect(cells.length).toBeGreaterThan(10);
  expect(cells.some(({ isApproximate }) => isApproximate)).toBe(true);
});

test('roots and addresses are told apart by what is asked of them', () => {
  const explorer = new Explorer();
  const cells = explorer.explore(new Domain([], ['a', 'b']), (sample, listen) => {
    listen(0).note({ about: 'root', roots: ['b'] }, sample.root === 'b');
    const isInside = sample.address.startsWith('10.');
    listen(0).note({ about: 'address', block: '10.0.0.0/8' }, isInside);
    return `${sample.root} ${sample.address}`;
  });
  expect(cells.map(({ result }) => result).sort()).toEqual([
    'a 10.0.0.0',
    'a 203.0.113.1',
    'b 10.0.0.0',
    'b 203.0.113.1',
  ]);
  expect(
    new Domain([], ['a']).rootsWith([{ question: { about: 'root', roots: ['a'] }, world: 0, answer: false }]),
  ).toEqual([NOBODY]);
});
