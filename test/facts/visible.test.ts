import { visible, visibleLines } from '../../lib/facts/visible';

test('what a terminal acts on is written out, and letters of all languages stay', () => {
  expect(visible('a\u001b[2K\u0007\u009b\u202eb\nc→é')).toBe('a\\u001b[2K\\u0007\\u009b\\u202eb\\u000ac→é');
});

test('texts of several lines keep their lines', () => {
  expect(visibleLines('a\n\tb\r\u007f')).toBe('a\n\tb\\u000d\\u007f');
});
