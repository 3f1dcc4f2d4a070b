import { deepFreeze } from '../../lib/synth/deep-freeze';

test('deepFreeze', () => {
  const value = deepFreeze({ list: [{ a: 1 }], nothing: null, text: 'x', deep: { deeper: {} } });
  expect([value, value.list, value.list[0], value.deep, value.deep.deeper].every(Object.isFrozen)).toBe(true);
  expect(() => {
    value.list[0].a = 2;
  }).toThrow(TypeError);
});
