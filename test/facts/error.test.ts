import { MeshError } from '../../lib/facts/error';

test('an error says its code, where it is, and what is wrong; code and place can be read apart', () => {
  const error = new MeshError('MESH1001', 'east/production', 'what, expected, fix');
  expect(error.message).toBe('MESH1001 east/production: what, expected, fix');
  expect(error).toMatchObject({ name: 'MeshError', code: 'MESH1001', where: 'east/production' });
  expect(error).toBeInstanceOf(Error);
});
