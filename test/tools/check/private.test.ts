import { privateProblems } from '../../../tools/check/private';

const problems = (path: string, text: string, here: string[] = []) =>
  privateProblems(new Map([[path, text]]), here).map(({ where, message }) => `${where} ${message}`);

// put together, so that this file passes the check itself
const home = ['', 'home', 'jane', 'project'].join('/');
const mac = ['', 'Users', 'jane', 'project'].join('/');
const windows = ['C:', 'Users', 'jane'].join('\\');
const key = (kind: string) => ['-----BEGIN', kind, 'KEY-----'].join(' ');

test.each([
  ['a.ts', `x\nconst a = '${home}';`, `a.ts:2 holds the absolute path of a machine: 'const a = '${home}';'; remove it`],
  ['a.ts', mac, `a.ts:1 holds the absolute path of a machine: '${mac}'; remove it`],
  ['a.ts', windows, `a.ts:1 holds the absolute path of a machine: '${windows}'; remove it`],
  ['a.pem', key('EC PRIVATE'), /holds a private key/],
  ['a.yaml', `x: |\n  ${key('PRIVATE')}`, /^a\.yaml:2 holds a private key/],
  ['package-lock.json', '"resolved": "https://registry.example/a.tgz"', /holds the host of a package registry/],
  ['.npmrc', 'registry=https://registry.example', /holds the host or secret of a registry/],
  ['.npmrc', '//registry.example/:_authToken=x', /holds the host or secret of a registry/],
  ['.npmrc', 'https-proxy=http://proxy.example', /holds the host or secret of a registry/],
])('%s: %s', (path, text, expected) => {
  expect(problems(path, text)).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)]);
});

test.each([
  ['README.md', '"resolved": "https://registry.example/a.tgz"'],
  ['.npmrc', 'omit-lockfile-registry-resolved=true'],
  ['a.ts', 'https://example.com/home/page/index.html and ./home/page/ and /home/'],
  ['a.pem', '-----BEGIN CERTIFICATE-----'],
  ['a.test.ts', `parse('${key('PRIVATE')}')`],
])('%s may hold %s', (path, text) => {
  expect(problems(path, text)).toEqual([]);
});

test('names of this machine', () => {
  expect(problems('a.ts', 'a\n/srv/checkout/lib', ['/srv/checkout/', 'registry.example'])).toEqual([
    "a.ts:2 holds a name of this machine: '/srv/checkout/lib'; remove it",
  ]);
});
