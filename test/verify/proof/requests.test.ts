import { allowedRequest, deniedRequests } from '../../../lib/verify/proof/requests';

const http = (rule: { methods?: string[]; paths?: string[] } = {}) => ({ kind: 'http' as const, ...rule });

describe('a request that an access rule allows', () => {
  test.each([
    ['any', http(), undefined, undefined, { method: 'GET', path: '/multimesh-call' }],
    [
      'of its first method',
      http({ methods: ['POST', 'PUT'] }),
      undefined,
      undefined,
      { method: 'POST', path: '/multimesh-call' },
    ],
    ['below a prefix', http({ paths: ['/a/*'] }), undefined, undefined, { method: 'GET', path: '/a/multimesh-call' }],
    [
      'that a rule leads there',
      http({ paths: ['/a/*'] }),
      ['/b/*', '/a/b'],
      undefined,
      { method: 'GET', path: '/a/b' },
    ],
    [
      'that no rule leads elsewhere before',
      http({ paths: ['/a/x', '/a/y'] }),
      ['/*'],
      ['/a/x'],
      { method: 'GET', path: '/a/y' },
    ],
    [
      'below the longer of two prefixes',
      http({ paths: ['/a/*'] }),
      ['/a/b/*'],
      undefined,
      { method: 'GET', path: '/a/b/multimesh-call' },
    ],
    ['none, where rule and way have no path in common', http({ paths: ['/a/*'] }), ['/b/*'], undefined, undefined],
  ])('%s', (_, rule, within, before, expected) => {
    expect(allowedRequest(rule, 'http', within, before)).toEqual(expected);
  });

  test('gRPC is POST', () => {
    expect(allowedRequest(http(), 'grpc')?.method).toBe('POST');
  });
});

describe('requests that no access rule allows', () => {
  const get = { method: 'GET', path: '/a/multimesh-call' };

  test('another method, another path', () => {
    expect(deniedRequests([http({ methods: ['GET'], paths: ['/a/*'] })], get, 'http')).toEqual([
      { ...get, method: 'POST' },
      { ...get, path: '/not-multimesh-call' },
    ]);
  });

  test('none where one of the rules allows every call; rules add up', () => {
    expect(deniedRequests([http({ methods: ['GET'] }), http()], get, 'http')).toEqual([]);
    expect(deniedRequests([http({ methods: ['GET'] }), http({ methods: ['POST'] })], get, 'http')).toEqual([
      { ...get, method: 'PUT' },
    ]);
  });

  test('none of bytes', () => {
    expect(deniedRequests([{ kind: 'tcp' }], get, 'tcp')).toEqual([]);
  });
});
