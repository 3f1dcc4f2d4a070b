import { Yaml } from 'cdk8s';
import {
  doubleQuoted,
  hasHalfCharacter,
  isPlainWord,
  multiLine,
  outermostKey,
  singleLine,
} from '../../lib/synth/yaml-string';

describe('singleLine', () => {
  test.each([
    // What Go (kubectl) and YAML 1.2 read as numbers; cdk8s leaves these unquoted
    ['0X1F', '"0X1F"'],
    ['0O17', '"0O17"'],
    ['0o17', '"0o17"'],
    ['0B1', '"0B1"'],
    ['+_1', '"+_1"'],
    ['0_x1', '"0_x1"'],
    // Keys of YAML 1.1 with a meaning
    ['<<', '"<<"'],
    ['=', '"="'],
    // Line breaks of YAML 1.1, byte order mark, not printable
    ['a\x85b', '"a\\Nb"'],
    ['a\u2028b', '"a\\Lb"'],
    ['a\u2029b', '"a\\Pb"'],
    ['\ufeffa', '"\\ufeffa"'],
    ['\x7f', '"\\x7f"'],
    ['\uffff', '"\\uffff"'],
    ['\\\x7f"\u0001', '"\\\\\\x7f\\"\\x01"'],
  ])('%j is written %s, unlike in cdk8s', (text, expected) => {
    expect(singleLine(text)).toBe(expected);
    expect(`k: ${singleLine(text)}\n`).not.toBe(Yaml.stringify({ k: text }));
  });

  test.each([
    ['1.31.0', '1.31.0'],
    ['10m', '10m'],
    ['10.0.0.1', '10.0.0.1'],
    ['no', '"no"'],
    ['e12345', '"e12345"'],
    ['12:30', '"12:30"'],
    ['say "x"', 'say "x"'],
    ['"x"', `'"x"'`],
    [`"it's"`, `"\\"it's\\""`],
    ['a\nb', '"a\\nb"'],
  ])('%j is written %s', (text, expected) => {
    expect(singleLine(text)).toBe(expected);
  });
});

describe('outermostKey', () => {
  test('a key is not taken for the end of the document', () => {
    expect(outermostKey('--- a')).toBe('"--- a"');
    expect(outermostKey('...')).toBe('"..."');
    expect(outermostKey('--- "a"')).toBe(`'--- "a"'`);
    expect(outermostKey('a---')).toBe('a---');
  });
});

describe('multiLine', () => {
  test('is a literal block, with the indentation stated where spaces hide it', () => {
    expect(multiLine('a\nb\n', '  ')).toBe('|\n  a\n  b\n'.slice(0, -1));
    expect(multiLine('a\nb', '  ')).toBe('|-\n  a\n  b');
    expect(multiLine('a\n\n', '  ')).toBe('|+\n  a\n');
    expect(multiLine(' a\nb', '  ')).toBe('|2-\n   a\n  b');
  });

  test.each([
    ['a tab at the beginning, which kubectl refuses', '\ta\nb', '"\\ta\\nb"'],
    ['the same after empty lines', '\n\ta\nb', '"\\n\\ta\\nb"'],
    ['white space only', ' \n', '"\\ \\n"'],
    ['white space on the last line', 'a\n ', '"a\\n "'],
    ['a control character', 'a\n\x01', '"a\\n\\x01"'],
  ])('%s needs quotes', (_, text, expected) => {
    expect(multiLine(text, '  ')).toBe(expected);
  });
});

describe('doubleQuoted', () => {
  test('a long text takes several lines; spaces at their ends are kept', () => {
    const text = `${'x'.repeat(40)} \n y\n\n\nz\n\n`;
    expect(doubleQuoted(text, '    ')).toBe(`"${'x'.repeat(40)}\\ \n\n    \\ y\n\n\n\n    z\n\n    \\n"`);
    expect(doubleQuoted(text)).toBe(`"${'x'.repeat(40)}\\ \\n y\\n\\n\\nz\\n\\n"`);
  });

  test('a last line of one space is a line of its own', () => {
    const text = `${'x'.repeat(40)}\ny\n\n `;
    expect(doubleQuoted(text, '    ')).toBe(`"${'x'.repeat(40)}\n\n    y\n\n\n    \\ "`);
    expect(`k: ${doubleQuoted(text, '  ')}\n`).toBe(Yaml.stringify({ k: text }));
  });
});

test('hasHalfCharacter', () => {
  expect(['\ud83d', 'a\ude00b', '\ude00\ud83d'].map(hasHalfCharacter)).toEqual([true, true, true]);
  expect(['', 'a', '\u{1f600}', '\ud7ff\ue000'].map(hasHalfCharacter)).toEqual([false, false, false, false]);
});

test('isPlainWord', () => {
  expect(['reviews.default', '/London', 'VirtualService'].map(isPlainWord)).toEqual([true, true, true]);
  expect(['false', 'e12345', '123456', 'a: bcde', '-abcdef'].map(isPlainWord)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});
