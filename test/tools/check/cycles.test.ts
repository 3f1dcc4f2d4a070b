import { cycleProblems } from '../../../tools/check/cycles';

function problems(files: Record<string, string>): string[] {
  return cycleProblems(new Map(Object.entries(files))).map(({ where, message }) => `${where} ${message}`);
}

test('names every file of a cycle, once, by its shortest way round', () => {
  expect(
    problems({
      'lib/a.ts': "import './d';\nimport './b';",
      'lib/b.ts': "export * from './c';",
      'lib/c.ts': "const a = require('./a');",
      'lib/d.ts': '',
    }),
  ).toEqual([
    'lib/a.ts:2 is part of an import cycle: lib/a.ts → lib/b.ts → lib/c.ts → lib/a.ts; move what both need into a file of its own',
  ]);
});

test('a file that imports itself, and two cycles', () => {
  expect(
    problems({ 'a.ts': "import './a';", 'b.ts': "import './c';", 'c.ts': "import './b';" }).map(
      (line) => line.split(';')[0],
    ),
  ).toEqual([
    'a.ts:1 is part of an import cycle: a.ts → a.ts',
    'b.ts:1 is part of an import cycle: b.ts → c.ts → b.ts',
  ]);
});

test('imports of types make one, too; files that lead into one are no part of it', () => {
  expect(problems({ 'a.ts': "import './b';", 'b.ts': "import type { A } from './a';" })).toHaveLength(1);
  expect(problems({ 'a.ts': "import './b';", 'b.ts': "import './c';", 'c.ts': "import './b';" })).toHaveLength(1);
});
