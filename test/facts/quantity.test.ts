import * as fc from 'fast-check';
import { bytes, milliCpus, worthOf } from '../../lib/facts/quantity';

test.each([
  ['250m', 250],
  ['1', 1000],
  ['1.5', 1500],
  ['0.1', 100],
  ['0.001', 1],
  ['0.0005', undefined],
  ['0.5m', undefined],
  ['1k', undefined],
  ['-1', undefined],
  ['', undefined],
  ['1 ', undefined],
])('%p CPUs are %p thousandths of one', (quantity, expected) => {
  expect(milliCpus(quantity)).toBe(expected);
});

test.each([
  ['128Mi', 134_217_728],
  ['1Gi', 1_073_741_824],
  ['1.5Gi', 1_610_612_736],
  ['1G', 1_000_000_000],
  ['1024', 1024],
  ['0.5Ki', 512],
  ['400m', undefined],
  ['1.1', undefined],
  ['1gi', undefined],
  ['1GB', undefined],
  ['Gi', undefined],
  ['toString', undefined],
])('%p of memory are %p bytes', (quantity, expected) => {
  expect(bytes(quantity)).toBe(expected);
});

test('every number of thousandths is the same in both forms', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (milli) => {
      expect(milliCpus(`${milli}m`)).toBe(milli);
      expect(milliCpus((milli / 1000).toFixed(3))).toBe(milli);
    }),
  );
});

test.each([
  ['250m', 0.25],
  ['100n', 1e-7],
  [' 1 ', 1],
  ['+1.', 1],
  ['.5', 0.5],
  ['-1Ki', -1024],
  ['1e3', 1000],
  ['1E', 1e18],
  ['1E2', 100],
  ['128Mi', 134_217_728],
  [0.5, 0.5],
  ['1 Gi', undefined],
  ['1KB', undefined],
  ['.', undefined],
  ['', undefined],
  [true, undefined],
  [undefined, undefined],
  [['1'], undefined],
])('%p is worth %p', (quantity, expected) => {
  expect(worthOf(quantity)).toBe(expected);
});
