import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { bundles } from '../../../imports/schema';
import { crdsOfBundle } from '../../../testbed/kubernetes/crds';
import { type Crd, parseCrds } from '../../../tools/import/crd';
import { generate, generatePresent } from '../../../tools/import/generate';

const IMPORTS = join(__dirname, '..', '..', '..', 'imports');

/** Bundles as the committed schemas describe them: all of their input but descriptions, order of fields, and the status. */
function committed(names = bundles()): Map<string, Crd[]> {
  return new Map(
    names.map((name) => [
      name,
      parseCrds(
        crdsOfBundle(name)
          .map((crd) => stringify(crd))
          .join('---\n'),
        name,
      ),
    ]),
  );
}

/** Lines of TypeScript in any order, without comments. */
const statements = (text: string) =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .sort();

test('what is generated from the committed schemas are the committed files, but for comments and order', () => {
  const files = generate(committed());
  // the OpenAPI document of Kubernetes is not committed in any form
  const present = readdirSync(IMPORTS, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|json)$/.test(file) && !file.startsWith('kubernetes/'),
  );
  expect([...files.keys()].sort()).toEqual(present.sort());
  for (const [file, text] of files) {
    const found = readFileSync(join(IMPORTS, file), 'utf8');
    if (file.endsWith('.json')) expect([file, text]).toEqual([file, found]);
    else expect([file, statements(text)]).toEqual([file, statements(found)]);
  }
});

test('the same bytes whatever the order of the bundles', () => {
  const again = generate(new Map([...committed()].reverse()));
  expect(new Map([...again].sort())).toEqual(new Map([...generate(committed())].sort()));
});

test('of some bundles, their files and the index of all', () => {
  const files = generatePresent(IMPORTS, committed(['openshift', 'istio-1.20']));
  const folders = new Set([...files.keys()].map((file) => file.split('/').slice(0, -1).join('/')));
  expect(folders).toEqual(new Set(['openshift', 'schema', 'schema/istio-1.20', 'schema/openshift']));
  expect(files.get('schema/kinds.json')).toBe(readFileSync(join(IMPORTS, 'schema', 'kinds.json'), 'utf8'));
});

test('a bundle without input is an error', () => {
  expect(() => generate(new Map())).toThrow('bundle istio-1.31: no file of sources.json belongs to it');
});
