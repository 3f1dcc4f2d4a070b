import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from '../../../tools/import/generate';
import { loadBundles, SOURCES } from '../../../tools/import/input';
import { firstStale } from '../../../tools/import/output';

const ROOT = join(__dirname, '..', '..', '..');
/** The CRDs are not part of the repository; they are beside it where imports/ is generated and checked. */
const CRDS = join(ROOT, '..', 'shared', 'crds');

(existsSync(CRDS) ? describe : describe.skip)('with the CRDs', () => {
  const files = generate(loadBundles(CRDS));

  test('imports/ is what the generator writes', () => {
    expect(firstStale(join(ROOT, 'imports'), files)).toBeUndefined();
  });

  test('the same bytes whatever the order of the input', () => {
    const again = generate(new Map([...loadBundles(CRDS, [...SOURCES].reverse())].reverse()));
    expect(new Map([...again].sort())).toEqual(new Map([...files].sort()));
  });
});

test('a bundle without input is an error', () => {
  expect(() => generate(new Map())).toThrow('bundle istio-1.31: no file of sources.json belongs to it');
});
