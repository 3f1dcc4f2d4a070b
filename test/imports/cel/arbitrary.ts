import fc from 'fast-check';
import type { StructuralSchema } from '../../../imports/schema';
import type { Value } from '../../../imports/schema/cel/library';

/** Strings that rules tell apart. */
const STRINGS = [
  ...[
    '',
    '*',
    'a',
    'a*b',
    'http',
    'HTTP',
    'STATIC',
    'NONE',
    'DNS_ROUND_ROBIN',
    'WAYPOINT',
    'UPSERT',
    'REMOVE',
    'HOST',
    'Set',
    'Delete',
  ],
  ...[
    '1s',
    '1ms',
    '0.5ms',
    '-1s',
    '5',
    '1h30m',
    '80',
    '0',
    '65535',
    '65536',
    '-1',
    '1.2.3.4/8',
    'x'.repeat(63),
    'x'.repeat(62),
    'a-',
    'a_b',
  ],
  ...[
    'unix:///a',
    'unix://@a',
    'unix://a',
    'unix:///a/',
    'unix://',
    'http://a',
    'https://a',
    'oci://a',
    'file:///a',
    'ftp://a',
    '/a',
    'a b',
    'a/b:c',
  ],
  ...[
    'passthrough',
    'edge',
    'Allow',
    'None',
    'Proxy',
    'cookie',
    'Set-Cookie',
    '%[req.hdr(x),lower]',
    '%%',
    'a%',
    'a\u0001',
    '%{+Q}[ssl_c_der]',
    'é',
  ],
];

/** Values that a schema describes, at most three levels deep; what the rules ask for is there half of the time. */
export function valuesOf(schema: StructuralSchema, name: string, depth = 4): fc.Arbitrary<Value> {
  switch (schema.type) {
    case 'object':
      return objectOf(schema, depth);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, name, depth - 1), { maxLength: 3 });
    case 'integer':
      return fc.constantFrom(0, 1, 80, 443, 65535, 65536, -1);
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constantFrom(...((schema.enum as string[] | undefined) ?? STRINGS));
  }
}

function objectOf(schema: StructuralSchema, depth: number): fc.Arbitrary<Value> {
  const { properties = {}, additionalProperties, required = [] } = schema;
  if (depth === 0) return fc.constant({});
  if (typeof additionalProperties === 'object') {
    const keys = fc.constantFrom(...STRINGS.slice(0, 12), '80', '65536', 'x'.repeat(63));
    return fc.dictionary(keys, valuesOf(additionalProperties, '', depth - 1), { maxKeys: 3, noNullPrototype: true });
  }
  const fields = Object.entries(properties).map(([field, part]) => [field, valuesOf(part, field, depth - 1)] as const);
  return fc.record(Object.fromEntries(fields), {
    requiredKeys: required.filter((field) => field in properties),
    noNullPrototype: true,
  });
}
