import { camelCase, graphNaming } from '../../../../tools/import/names/graph';

const naming = graphNaming({
  kinds: { VirtualService: 'istio.VirtualService' },
  types: {
    'istio.VirtualService': {
      name: 'VirtualServiceSpec',
      doc: 'Routes.',
      fields: { http: { type: 'istio.HTTPRoute', doc: 'Rules.' } },
    },
    'istio.HTTPRoute': {
      name: 'HTTPRoute',
      fields: { headers: { type: 'istio.StringMatch' }, mirrorPercent: { doc: 'Old.' } },
    },
    'istio.StringMatch': { name: 'StringMatch' },
  },
});

test('names follow the path, through lists and maps', () => {
  expect(naming.name('VirtualService', '')).toBe('VirtualServiceSpec');
  expect(naming.name('VirtualService', 'http[]')).toBe('HTTPRoute');
  expect(naming.name('VirtualService', 'http[].headers{}')).toBe('StringMatch');
});

test('scalars, unknown fields and unknown kinds have no name', () => {
  expect(naming.name('VirtualService', 'http[].mirrorPercent')).toBeUndefined();
  expect(naming.name('VirtualService', 'http[].nothing.below')).toBeUndefined();
  expect(naming.name('Gateway', '')).toBeUndefined();
});

test('descriptions of types and fields, also under the spelling of the .proto file', () => {
  expect(naming.doc('VirtualService', '')).toBe('Routes.');
  expect(naming.fieldDoc('VirtualService', 'http')).toBe('Rules.');
  expect(naming.fieldDoc('VirtualService', 'http[].mirror_percent')).toBe('Old.');
});

test('camelCase', () => {
  expect(['mirror_percent', 'consecutive_5xx_errors', 'tls'].map(camelCase)).toEqual([
    'mirrorPercent',
    'consecutive5xxErrors',
    'tls',
  ]);
});
