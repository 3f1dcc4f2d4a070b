import { Istio, Ossm } from '../../lib';
import { isSince } from '../../lib/platform/since';

test.each([
  [Ossm.v2_6(), '1.20', true],
  [Ossm.v2_6(), '1.24', false],
  [Ossm.v3(), '1.3', true],
  [Istio.v1_31(), '1.28', true],
  [Istio.v1_31(), '1.100', false],
] as const)('%#: versions are compared as numbers', (platform, version, expected) => {
  expect(isSince(platform, version)).toBe(expected);
});
