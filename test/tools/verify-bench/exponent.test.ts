import { Admission } from '../../../lib/verify/admission/admission';
import { exponentOf } from '../../../tools/verify-bench/exponent';
import { estate, manifests } from '../../../tools/verify-bench/manifests';

test('growth is the exponent of its power', () => {
  const sizes = [1, 2, 4, 8];
  expect(exponentOf(sizes.map((size) => [size, 3 * size]))).toBeCloseTo(1);
  expect(exponentOf(sizes.map((size) => [size, 5 * size ** 2]))).toBeCloseTo(2);
});

test('an estate has about as many objects as it should, and clusters take them', () => {
  const size = estate(10_000);
  const ofOne = manifests(size.namespaces[0], size);
  const all = ofOne.length * size.namespaces.length * size.clusters.length;
  expect(all).toBeGreaterThan(9_500);
  expect(all).toBeLessThan(10_500);
  const admission = new Admission(['istio-1.31']);
  expect(ofOne.flatMap((one) => admission.judge(one))).toEqual([]);
});
