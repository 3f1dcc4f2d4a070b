import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOMS, roomOf } from '../../../tools/docs/rooms';

const LIB = join(__dirname, '../../../lib');

test('every file of the library is on a page', () => {
  const files = readdirSync(LIB, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== 'index.ts' && file !== join('testing', 'index.ts'),
  );
  expect(files.length).toBeGreaterThan(90);
  for (const file of files) expect([file, ROOMS.includes(roomOf(join(LIB, file)))]).toEqual([file, true]);
});

test('the longest beginning decides: a gateway is on the page of gateways, other things of a mesh on its own', () => {
  expect(roomOf(join(LIB, 'mesh/gateway-port.ts')).page).toBe('gateways');
  expect(roomOf(join(LIB, 'mesh/workload.ts')).page).toBe('mesh');
  expect(roomOf(join(LIB, 'facts/service.ts')).page).toBe('mesh');
  expect(roomOf(join(LIB, 'facts/finding.ts')).page).toBe('findings');
});

test('a folder that nobody has entered is an error', () => {
  expect(() => roomOf('lib/new/a.ts')).toThrow(
    'lib/new/a.ts: is on no page of docs/api; enter its folder in tools/docs/rooms.ts',
  );
});
