import { docComment, literalUnion, propertyName, stringLiteral } from '../../../../tools/import/render/text';

describe('docComment', () => {
  test('one line, several lines, nothing', () => {
    expect(docComment('Short.', 2)).toBe('  /** Short. */\n');
    expect(docComment('First.\nSecond.', 0)).toBe('/**\n * First.\n * Second.\n */\n');
    expect(docComment('\n \n', 0)).toBe('');
  });

  test('text cannot end the comment', () => {
    expect(docComment('Paths like `/api/*/v1`.', 0)).toBe('/** Paths like `/api/*\\/v1`. */\n');
    expect(docComment('a **/ b', 0)).not.toMatch(/\*\/ b/);
  });

  test('long lines are wrapped at spaces, paragraphs and indentation stay', () => {
    const lines = docComment(`${'word '.repeat(40)}\n\n\n  - ${'item '.repeat(30)}`, 2).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(lines).toContain('   *');
    expect(lines.filter((line) => line === '   *')).toHaveLength(1);
    expect(lines.filter((line) => /^ {3}\* {3}(-|item)/.test(line))).toHaveLength(2);
  });

  test('a word longer than a line stays whole', () => {
    const url = `https://example.com/${'a'.repeat(150)}`;
    expect(docComment(`See ${url} for more.`, 0)).toContain(`\n * ${url}\n`);
  });
});

test('propertyName keeps wire names and quotes what is not an identifier', () => {
  expect(['consecutive5xxErrors', 'jwks_uri', '3scale', 'cert-manager', '$ref'].map(propertyName)).toEqual([
    'consecutive5xxErrors',
    'jwks_uri',
    "'3scale'",
    "'cert-manager'",
    '$ref',
  ]);
});

test('literals', () => {
  expect(stringLiteral(`it's "x" \\ \n`)).toBe(`'it\\'s "x" \\\\ \\n'`);
  expect(literalUnion(['ISTIO_MUTUAL', '', 3])).toBe("'ISTIO_MUTUAL' | '' | 3");
});
