import * as fc from 'fast-check';

/** Strings that some YAML parser takes for something else, and pieces of them. */
export const NASTY = [
  '', ' ', '~', 'null', 'Null', 'NULL', 'y', 'Y', 'n', 'N', 'yes', 'Yes', 'YES', 'no', 'No', 'NO', 'on', 'On', 'off', 'OFF', 'true', 'True', 'TRUE', 'false', 'FALSE',
  '0', '-0', '+1', '1', '01', '08', '0777', '0o17', '0O17', '-0o7', '0x1F', '0X1F', '+0x1f', '0b101', '0B1', '1_000', '+_1', '0_x1', '_1', '1e3', '1E3', '1e+3', '.5', '5.', '1.', '-.5', '+.5e1', '.', '-', '+', '.e1', '1.2.3', '1.31.0',
  '.inf', '-.Inf', '+.INF', '.nan', '.NaN', '12:30', '12:30:45', '12:30:45.6', '190:20:30', '1:60', '2001-12-14', '2001-12-14t21:59:43.10-05:00', '2001-1-2 3:4:5', '2001-12-14 21:59:43.10 -5',
  '=', '<<', '<', '!', '!!str', '&a', '*a', '@', '`', '%', '%YAML 1.2', '---', '...', '--- a', '- ', '-', '- a', '-a', '? ', '?', '?a', ': ', ':', ':a', 'a: b', 'a:b', 'a:', 'a ', ' a', ' #', 'a #b', 'a#b', '#', ',', '[', ']', '[]', '{', '}', '{}', '|', '>', '|-', '"', "'", '"\'', 'it\'s', 'say "x"', '\\', '\\n', '\\\\n', 'a\\ ',
  '\n', '\n\n', 'a\n', 'a\n\n', '\na', '\n a', ' \na', ' \n', 'a\n ', 'a\n\n  ', 'a\n b', 'a \nb', '\ta\nb', 'a\n\tb', 'a\t\nb', 'a\n---\nb', 'a\n...\nb', '%a\nb', 'a\n#b', '\t', '\ta', 'a\t', 'a\tb', '\t\n', 'a\n\t', 'a:\tb', 'a\t#b', '-\ta', '?\ta',
  '\r', 'a\r\nb', 'a\rb', '\x00', '\x07', '\x0b', '\x1b', '\x7f', '\x80', '\x85', '\x9f', '\xa0', '\u2028', '\u2029', '\ufeff', '\ufeffa', '\ufffe', '\uffff', '\u{1f600}', '\u{10ffff}', 'a\u2028b\nc', 'é', '日本', '__proto__x', 'constructor',
];

export const nastyString: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.array(fc.constantFrom(...NASTY, 'x', ' ', '\n', 'word', '1', '_', ':', '-'), { maxLength: 6 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
);
