import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const DIST = join(ROOT, 'dist', 'private-gateways');
const read = (...path: string[]) => readFileSync(join(...path), 'utf8');

// Two organisations in two repositories: each holds copies of what the other one wrote.

test("the contracts of scenarios/ are what the other side's program writes", () => {
  const copies = join(ROOT, 'scenarios', 'contracts');
  expect(readdirSync(copies).sort()).toEqual(['c1-c2.json', 'c1.mesh.json']);
  expect(read(copies, 'c1-c2.json')).toBe(read(DIST, 'organisation-c2', 'contracts', 'c1-c2.json'));
  expect(read(copies, 'c1.mesh.json')).toBe(read(DIST, 'organisation-c1', 'contracts', 'c1.mesh.json'));
});

test('each writes what one program with both meshes writes', () => {
  const c1 = join(DIST, 'organisation-c1', 'c1');
  expect(readdirSync(c1).sort()).toEqual(readdirSync(join(DIST, 'http', 'c1')).sort());
  for (const file of readdirSync(c1)) expect([file, read(c1, file)]).toEqual([file, read(DIST, 'http', 'c1', file)]);
  expect(read(DIST, 'organisation-c2', 'contracts', 'c1-c2.json')).toBe(read(DIST, 'http', 'contracts', 'c1-c2.json'));
  const provided = 'c2.c1-c2.provider.k8s.yaml';
  expect(read(DIST, 'organisation-c2', 'c2', provided)).toBe(read(DIST, 'http', 'c2', provided));
});
