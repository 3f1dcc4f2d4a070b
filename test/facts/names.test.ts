import * as fc from 'fast-check';
import { dnsLabel, hostname, httpPath, joinLabels, shortLabel } from '../../lib/facts/names';
import { messageOf } from '../support/model';

/** Labels of RFC 1123, an implementation of its own: built from parts that are right. */
const label = fc
  .tuple(
    fc.stringMatching(/^[a-z0-9]$/),
    fc.stringMatching(/^[-a-z0-9]{0,20}$/),
    fc.stringMatching(/^[a-z0-9]$/),
    fc.boolean(),
  )
  .map(([first, middle, last, isOne]) => (isOne ? first : first + middle + last));

describe('dnsLabel', () => {
  test('returns what is one', () => {
    fc.assert(fc.property(label, (value) => dnsLabel(value, 'here', 'name') === value));
    expect(dnsLabel('a'.repeat(63), 'here', 'name')).toHaveLength(63);
  });

  test('a name over 63 characters is refused with its length', () => {
    expect(messageOf(() => dnsLabel('a'.repeat(64), 'east/production', 'gateway id'))).toBe(
      `MESH1001 east/production: gateway id '${'a'.repeat(64)}' has 64 characters, expected at most 63; choose a shorter one`,
    );
  });

  test.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a b', 'ä', 'a\n'])('%j is none', (value) => {
    expect(messageOf(() => dnsLabel(value, 'here', 'name'))).toBe(
      `MESH1001 here: name '${value}' is no DNS label; expected lower case letters, digits and '-', beginning and ending with a letter or digit`,
    );
  });

  test('whatever is accepted is a label', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 70 }), (value) => {
        fc.pre(accepts(() => dnsLabel(value, 'here', 'name')));
        return value.length <= 63 && [...value].every((c) => 'abcdefghijklmnopqrstuvwxyz0123456789-'.includes(c));
      }),
    );
  });
});

describe('hostname', () => {
  const host = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => [...labels, 'example'].join('.'));

  test('returns what is one, in lower case', () => {
    fc.assert(fc.property(host, (value) => hostname(value.toUpperCase(), 'here') === value));
  });

  test.each([
    'localhost',
    '',
    '.',
    'a.example.',
    '.example',
    'a..example',
    '*.example',
    'http://a.example',
    'a.example:80',
    'a.example/x',
    'a b.example',
    '10.0.0.1',
    'a.1',
    '-a.example',
    'a-.example',
    'a_b.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(125)}example`,
  ])('%j is none', (value) => {
    expect(messageOf(() => hostname(value, 'premium', 'host'))).toBe(
      `MESH1002 premium: host '${value}' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard`,
    );
  });

  test('whatever is accepted has two labels or more, and no character of a URL, a wildcard or a port', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl(), fc.domain(), fc.ipV4(), fc.ipV6(), host), (value) => {
        fc.pre(accepts(() => hostname(value, 'here')));
        return value.includes('.') && value.length <= 253 && !/[^a-zA-Z0-9.-]|^[\d.]+$/.test(value);
      }),
    );
  });
});

describe('httpPath', () => {
  test.each([
    '/',
    '/*',
    '/insurances/London',
    '/insurances/*',
    '/a*',
    '/a%20b',
    '/a-b_c.d~e',
    '/.well-known/*',
    '/a/..b',
    '/...',
    '/.*',
  ])('%j is one', (value) => {
    expect(httpPath(value, 'Rule.paths')).toBe(value);
  });

  test.each(['', 'insurances', '*', '/a?b=c', '/a#b', '/a b', '/*/a', '/a**', '/a\n', '/a/{*}'])(
    '%j is none',
    (value) => {
      expect(messageOf(() => httpPath(value, 'Rule.paths'))).toBe(
        `MESH1004 Rule.paths: path '${value}' is malformed; expected an absolute path such as '/insurances/London', or one that ends in '*' such as '/insurances/*'`,
      );
    },
  );

  test.each(['/a/../b', '/..', '/./a', '/a/.', '/../*', '/%2E%2e/a', '/a/.%2e/b', '/a\\b'])(
    '%j is resolved by proxies before anything compares it',
    (value) => {
      expect(messageOf(() => httpPath(value, 'Access.http'))).toBe(
        `MESH1004 Access.http: path '${value}' is never seen: proxies resolve '.', '..' and '\\' before they compare paths; state what is left of it`,
      );
    },
  );

  test('whatever is accepted is absolute, with a star at most at its end', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string().map((text) => `/${text}`),
          fc.webPath(),
          fc.string(),
        ),
        (value) => {
          fc.pre(accepts(() => httpPath(value, 'here')));
          return value.startsWith('/') && !value.slice(0, -1).includes('*') && !/[?#\s]/.test(value);
        },
      ),
    );
  });
});

describe('joinLabels', () => {
  test('reads well for what is common', () => {
    expect(joinLabels('public', 'insurances.partner.example')).toBe('public-insurances-partner-example');
    expect(joinLabels('my-gateway', 'a.example')).toBe('my--gateway-a-example');
  });

  test('different labels never give the same name', () => {
    const few = fc.array(fc.constantFrom('a', 'b', 'a-b', 'a--b', 'b-a', 'ab', '1', 'a-1-b'), { minLength: 1 });
    const any = fc.array(label, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.oneof(few, any), fc.oneof(few, any), (left, right) => {
        return (joinLabels(...left) === joinLabels(...right)) === (JSON.stringify(left) === JSON.stringify(right));
      }),
      { numRuns: 2000 },
    );
  });

  test('can be undone, and gives labels (of any length)', () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 6 }), (labels) => {
        const joined = joinLabels(...labels);
        const parts = joined.split(/(?<!-)-(?!-)/).map((part) => part.replaceAll('--', '-'));
        expect(parts).toEqual(labels);
        expect(joined).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      }),
    );
  });
});

describe('shortLabel', () => {
  test('is the text itself while it fits', () => {
    expect(shortLabel('a'.repeat(63))).toBe('a'.repeat(63));
  });

  test('else a label of its beginning and a digest, the same everywhere', () => {
    const text = 'istio--ingressgateway-insurances-partner-travel--agency-example-com';
    expect(shortLabel(text)).toBe('istio--ingressgateway-insurances-partner-travel--age-ea49669a01');
    expect(shortLabel(`${'a'.repeat(51)}-${'b'.repeat(40)}`)).toMatch(/^a{51}-[0-9a-f]{10}$/);
  });

  test('different texts keep different labels', () => {
    const letter = fc.constantFrom('a', 'b', '-');
    const long = fc.array(letter, { minLength: 60, maxLength: 80 }).map((letters) => `x${letters.join('')}x`);
    fc.assert(
      fc.property(long, long, (left, right) => {
        const [a, b] = [shortLabel(left), shortLabel(right)];
        expect(a.length).toBeLessThanOrEqual(63);
        expect(a).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
        return (a === b) === (left === right);
      }),
      { numRuns: 2000 },
    );
  });
});

function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
