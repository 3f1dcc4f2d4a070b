import { type RequestMatch, Rule, StringMatch } from '../../lib';
import { messageOf } from '../support/model';
import { routesOf } from './services';

const matchesOf = (match: RequestMatch) => routesOf(({ cart }) => [Rule.when(match).to(cart)])[0].match;

describe('Rule.when', () => {
  test('all that is stated must hold, of a list one entry', () => {
    expect(
      matchesOf({
        paths: ['/a', '/b/*', StringMatch.regex('/c/[0-9]+')],
        methods: ['GET', 'HEAD'],
        headers: { 'end-user': 'jason', cookie: StringMatch.regex('(.*; )?beta=1(;.*)?') },
        query: { version: StringMatch.prefix('2.'), debug: StringMatch.present() },
      }),
    ).toEqual(
      [{ exact: '/a' }, { prefix: '/b/' }, { regex: '/c/[0-9]+' }].flatMap((uri) =>
        ['GET', 'HEAD'].map((method) => ({
          uri,
          method: { exact: method },
          headers: { 'end-user': { exact: 'jason' }, cookie: { regex: '(.*; )?beta=1(;.*)?' } },
          queryParams: { version: { prefix: '2.' }, debug: {} },
        })),
      ),
    );
  });

  test('a condition alone is about every path', () => {
    expect(matchesOf({ headers: { 'end-user': 'jason' } })).toEqual([{ headers: { 'end-user': { exact: 'jason' } } }]);
    expect(matchesOf({ methods: ['POST'] })).toEqual([{ method: { exact: 'POST' } }]);
    expect(matchesOf({ query: { beta: '1' } })).toEqual([{ queryParams: { beta: { exact: '1' } } }]);
  });

  test('Rule.paths takes regular expressions, too', () => {
    const [rule] = routesOf(({ cart }) => [Rule.paths([StringMatch.regex('/v[12]/.*')]).to(cart)]);
    expect(rule.match).toEqual([{ uri: { regex: '/v[12]/.*' } }]);
  });

  const part = (name: string, instead: string) =>
    `MESH1308 Rule.when: '${name}' is a part of the request itself, no header that callers send; use ${instead}`;

  test.each<[unknown, string]>([
    [{}, 'MESH1308 Rule.when: nothing is stated, so every call would be meant; use Rule.otherwise()'],
    [undefined, expect.stringContaining('MESH1006 Rule.when: match is undefined') as unknown as string],
    [{ path: ['/a'] }, "MESH1006 Rule.when: 'path' is not an option, expected 'paths'"],
    [{ paths: [] }, 'MESH1301 Rule.when: the list of paths is empty; state at least one, or leave it out'],
    [{ methods: [] }, 'MESH1301 Rule.when: the list of methods is empty; state at least one, or leave it out'],
    [{ methods: 'GET' }, "MESH1006 Rule.when: methods is 'GET', expected a list"],
    [
      { methods: ['GTE'] },
      "MESH1308 Rule.when: method 'GTE' is a letter away from 'GET', which is what calls have; expected 'GET'",
    ],
    [{ methods: ['get'] }, "MESH1308 Rule.when: method 'get' is malformed; expected one such as 'GET'"],
    [{ paths: [5] }, 'MESH1308 Rule.when: path is 5; expected a text, or a StringMatch'],
    [{ paths: ['a'] }, expect.stringContaining("MESH1004 Rule.when: path 'a' is malformed") as unknown as string],
    [{ headers: {} }, "MESH1308 Rule.when: 'headers' is empty; state a condition, or leave it out"],
    [{ query: {} }, "MESH1308 Rule.when: 'query' is empty; state a condition, or leave it out"],
    [
      { headers: { 'end-user': 'ja*' } },
      "MESH1308 Rule.when: headers 'end-user' is 'ja*', which is compared as it is; write StringMatch.prefix('ja') for any rest, or StringMatch.exact('ja*')",
    ],
    [
      { headers: { 'end-user': null } },
      "MESH1308 Rule.when: headers 'end-user' is null; expected a text, or a StringMatch",
    ],
    [
      { headers: { 'End-User': 'jason' } },
      "MESH1308 Rule.when: header name 'End-User' is malformed; expected lower case letters, digits and '-' such as 'end-user'",
    ],
    [
      { headers: { ':path': '/a' } },
      "MESH1308 Rule.when: header name ':path' is malformed; expected lower case letters, digits and '-' such as 'end-user'",
    ],
    [{ headers: { uri: '/a' } }, part('uri', 'paths')],
    [{ headers: { method: 'GET' } }, part('method', 'methods')],
    [{ headers: { host: 'a' } }, part('host', 'the host of the Routing')],
    [{ headers: { authority: 'a' } }, part('authority', 'the host of the Routing')],
    [{ headers: { scheme: 'https' } }, part('scheme', 'nothing: the mesh sees no https of applications')],
    [{ query: { '': '1' } }, "MESH1308 Rule.when: a query parameter ('1') has no name; state its name"],
  ])('%j is refused', (match, message) => {
    expect(messageOf(() => Rule.when(match as RequestMatch))).toEqual(message);
  });

  test('the rule is named in what goes wrong later', () => {
    expect(messageOf(() => Rule.when({ methods: ['GET'], headers: { beta: '1' } }).to())).toBe(
      "MESH1302 Rule.when method GET with header beta '1': the list of destinations is empty; state where the calls go",
    );
  });
});
