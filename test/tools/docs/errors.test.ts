import { errorsPage } from '../../../tools/docs/errors';

test('codes are sorted, each with a heading that links can name', () => {
  const page = errorsPage({
    MESH2001: { title: 'second', why: 'two', fix: 'undo two' },
    MESH1001: { title: 'first | one', why: 'one', fix: 'undo one' },
  });
  expect(page.slice(page.indexOf('| Code'))).toBe(
    [
      '| Code | |',
      '|---|---|',
      '| [MESH1001](#mesh1001) | first \\| one |',
      '| [MESH2001](#mesh2001) | second |',
      '',
      '## MESH1001',
      '',
      '**First | one.** One.',
      '',
      '*Fix:* undo one.',
      '',
      '## MESH2001',
      '',
      '**Second.** Two.',
      '',
      '*Fix:* undo two.',
      '',
    ].join('\n'),
  );
});
