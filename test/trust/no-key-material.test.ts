import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DIST = join(__dirname, '..', '..', 'dist');

const files = readdirSync(DIST, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));

test('nothing that is written holds a key, or a Secret', () => {
  expect(files.length).toBeGreaterThan(20);
  const offending = files.filter((file) => /PRIVATE KEY|^\s*(- )?kind: "?Secret"?$/m.test(readFileSync(file, 'utf8')));
  expect(offending).toEqual([]);
});
