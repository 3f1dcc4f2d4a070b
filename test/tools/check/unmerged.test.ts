import { unmergedProblems } from '../../../tools/check/unmerged';

const sides = (begin: string, end: string) => `a\n${begin}\nours\n${'='.repeat(7)}\ntheirs\n${end}\nb\n`;

test('what git left of a merge is refused, line by line', () => {
  const text = sides(`${'<'.repeat(7)} HEAD`, `${'>'.repeat(7)} a1b2c3 (some change)`);
  expect(unmergedProblems(new Map([['CHANGELOG.md', text]]))).toEqual([
    {
      where: 'CHANGELOG.md:2',
      message: `holds '${'<'.repeat(7)} HEAD' of an unfinished merge; choose a side`,
    },
    { where: 'CHANGELOG.md:4', message: `holds '${'='.repeat(7)}' of an unfinished merge; choose a side` },
    {
      where: 'CHANGELOG.md:6',
      message: `holds '${'>'.repeat(7)} a1b2c3 (some change)' of an unfinished merge; choose a side`,
    },
  ]);
});

test('one end that was forgotten is refused, too', () => {
  expect(unmergedProblems(new Map([['a.ts', `a\n${'>'.repeat(7)} main\n`]]))).toHaveLength(1);
});

test('titles that are underlined, and longer lines of signs, are texts', () => {
  const title = `Changes\n${'='.repeat(7)}\n${'<'.repeat(9)} x\n  ${'<'.repeat(7)} quoted\n`;
  expect(unmergedProblems(new Map([['README.md', title]]))).toEqual([]);
});
