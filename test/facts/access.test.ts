import { Access } from '../../lib/facts/access';
import { messageOf } from '../support/model';

describe('Access', () => {
  test('facts hold what was stated, sorted, and nothing else', () => {
    expect(Access.http().facts()).toEqual({ kind: 'http' });
    expect(Access.tcp().facts()).toEqual({ kind: 'tcp' });
    expect(
      Access.http({
        methods: ['POST', 'GET'],
        paths: ['/b', '/a/*'],
        from: ['b.example/ns/x/sa/y', 'a.example/ns/x/sa/y'],
      }).facts(),
    ).toEqual({
      kind: 'http',
      methods: ['GET', 'POST'],
      paths: ['/a/*', '/b'],
      from: ['a.example/ns/x/sa/y', 'b.example/ns/x/sa/y'],
    });
    expect(Access.tcp({ from: ['a.example/x'] }).facts()).toEqual({ kind: 'tcp', from: ['a.example/x'] });
  });

  test('methods beyond those of HTTP itself are methods, too', () => {
    const methods = ['PROPFIND', 'MOVE', 'COPY', 'LOCK', 'MERGE', 'PURGE', 'REPORT', 'SEARCH', 'TRACE'];
    expect(Access.http({ methods }).facts().methods).toEqual([...methods].sort());
  });

  test('the lists given are left as they are', () => {
    const methods = ['POST', 'GET'];
    Access.http({ methods }).facts();
    expect(methods).toEqual(['POST', 'GET']);
  });

  test.each([
    [{ methods: ['get'] }, "MESH1202 Access.http: method 'get' is malformed; expected one such as 'GET'"],
    [
      { methods: ['GET', 'DELTE'] },
      "MESH1202 Access.http: method 'DELTE' is a letter away from 'DELETE', which is what calls have; expected 'DELETE'",
    ],
    [
      { methods: ['PSOT'] },
      "MESH1202 Access.http: method 'PSOT' is a letter away from 'POST', which is what calls have; expected 'POST'",
    ],
    [{ methods: ['*'] }, "MESH1202 Access.http: method '*' is malformed; expected one such as 'GET'"],
    [
      { paths: ['insurances'] },
      "MESH1004 Access.http: path 'insurances' is malformed; expected an absolute path such as '/insurances/London', or one that ends in '*' such as '/insurances/*'",
    ],
    [
      { from: ['spiffe://a.example/ns/x'] },
      "MESH1202 Access: identity 'spiffe://a.example/ns/x' is malformed; expected one without 'spiffe://' such as 'cluster.local/ns/foo/sa/sleep' or 'cluster.local/ns/foo/*'",
    ],
    [
      { from: ['*'] },
      "MESH1202 Access: identity '*' is malformed; expected one without 'spiffe://' such as 'cluster.local/ns/foo/sa/sleep' or 'cluster.local/ns/foo/*'",
    ],
  ])('%j is refused', (options, message) => {
    expect(messageOf(() => Access.http(options))).toBe(message);
  });

  test.each([{ notPaths: ['/admin'] }, { principals: ['a.example/x'] }, { verbs: ['GET'] }])(
    'options that do not exist are not dropped, which would allow more: %j',
    (options) => {
      const [name] = Object.keys(options);
      expect(messageOf(() => Access.http({ paths: ['/*'], ...options }))).toBe(
        `MESH1006 Access.http: '${name}' is not an option, expected methods, paths, from`,
      );
      expect(messageOf(() => Access.tcp(options as object))).toBe(
        `MESH1006 Access.tcp: '${name}' is not an option, expected from`,
      );
    },
  );

  test.each([{ methods: [] }, { paths: [] }, { from: [] }])(
    '%j: an empty list says neither all nor none',
    (options) => {
      expect(messageOf(() => Access.http(options))).toBe(
        "MESH1202 Access: an empty list says neither 'all' nor 'none'; leave it out for all, or give `allow: []` to deny every call",
      );
    },
  );

  test('tcp checks its callers, too', () => {
    expect(messageOf(() => Access.tcp({ from: ['sleep'] }))).toContain(
      "MESH1202 Access: identity 'sleep' is malformed",
    );
  });
});
