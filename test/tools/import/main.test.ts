import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundles } from '../../../imports/schema';
import { main } from '../../../tools/import/main';
import { crd } from './fixtures';

function run(...args: string[]): { code: number; lines: string[] } {
  const lines: string[] = [];
  return { code: main(args, (line) => lines.push(line)), lines };
}

test.each([
  ['--help'],
  ['a', 'b'],
  ['--diff', 'a'],
  ['--names'],
  ['--check', 'a', 'b'],
  ['--fetch', 'a', 'b'],
  ['--', 'x'],
])('wrong use %j %j prints how to use it', (...args) => {
  expect(run(...args)).toEqual({ code: 2, lines: [expect.stringMatching(/^usage: npm run import -- /)] });
});

test('without input, --check says so, per bundle, and passes', () => {
  const { code, lines } = run('--check', '/nowhere');
  expect(code).toBe(0);
  expect(lines).toHaveLength(bundles().length + ['kubernetes'].length);
  expect(lines).toContain(
    'not checked: openshift: /nowhere lacks openshift-route.yaml; --fetch gets them or says where they come from',
  );
});

test('--diff prints a line per change', () => {
  const dir = mkdtempSync(join(tmpdir(), 'crds-'));
  const [older, newer] = [join(dir, 'old.yaml'), join(dir, 'new.yaml')];
  writeFileSync(older, crd({ kind: 'Thing' }));
  writeFileSync(newer, crd({ kind: 'Thing', versions: ['v2', 'v1'] }));
  expect(run('--diff', older, newer)).toEqual({ code: 0, lines: ['example.com/Thing: added version v2'] });
});

test('a folder that is not there is an error', () => {
  expect(() => run('/nowhere')).toThrow(
    /^\/nowhere\/cert-manager_certificates\.yaml: the file is missing; it is deploy\/crds\//,
  );
  expect(() => run('--names', '/nowhere')).toThrow(
    '/nowhere/kubernetes/customresourcedefinitions.gen.yaml: no such file; expected a folder with the sources of istio.io/api',
  );
});
