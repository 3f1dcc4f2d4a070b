import { run } from '../../lib/cli/run';

test('a fault of the program itself is told with its stack, and is no verdict', () => {
  let err = '';
  const out = () => {
    throw new TypeError('no paper');
  };
  const status = run(['--help'], {
    out,
    err: (text) => {
      err += text;
    },
    hasColour: false,
  });
  expect(status).toBe(2);
  expect(err).toMatch(/^MESH4009 multimesh: it cannot go on, by a fault of its own: TypeError: no paper\n {4}at /);
});

test('a terminal gets colours', () => {
  let out = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: () => undefined,
    hasColour: true,
  };
  run(['explain', 'c1/travels', 'http://nobody/', '--dir', 'testbed/golden/03-sidecar-mutual-tls'], io);
  expect(out).toContain('\u001b[31mcurl 6\u001b[0m');
});

test('colours are those of the program: others that a text brings along are shown', () => {
  let out = '';
  const io = { out: (text: string) => (out += text), err: () => undefined, hasColour: true };
  run(
    ['explain', 'c1/travels', 'http://nobody/\u001b]0;title\u0007', '--dir', 'testbed/golden/03-sidecar-mutual-tls'],
    io,
  );
  expect(out).toContain('\u001b[31m');
  expect(out).toContain('\\u001b]0;title\\u0007');
  expect(out.replaceAll('\u001b[31m', '').replaceAll('\u001b[2m', '').replaceAll('\u001b[0m', '')).not.toContain(
    '\u001b',
  );
});
