import { isOfKind, specOf } from '../../../lib/verify/objects/objects';

describe('an object', () => {
  const service = (apiVersion: string) => ({ apiVersion, kind: 'Service', metadata: { name: 'web', namespace: 'x' } });

  test('is of a kind only with its group, in any version', () => {
    expect(isOfKind(service('v1'), 'Service', '')).toBe(true);
    expect(isOfKind(service('serving.knative.dev/v1'), 'Service', '')).toBe(false);
    expect(isOfKind(service('serving.knative.dev/v1beta1'), 'Service', 'serving.knative.dev')).toBe(true);
    expect(isOfKind(service('v1'), 'Pod', '')).toBe(false);
  });

  test('without a spec has an empty one', () => {
    expect(specOf(service('v1'))).toEqual({});
  });
});
