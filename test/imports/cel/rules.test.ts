import {
  type CelFunc,
  type CelInput,
  CelScalar,
  celEnv,
  celFunc,
  celMethod,
  mapType,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import fc from 'fast-check';
import { bundles, kinds, type SchemaRule, type StructuralSchema, schema } from '../../../imports/schema';
import { isURL, transition, url, type Value } from '../../../imports/schema/cel/library';
import { PREDICATES } from '../../../imports/schema/cel/rules';
import { valuesOf } from './arbitrary';

/** Functions that Kubernetes adds to CEL; how URLs are parsed has tests of its own. */
const URL_TYPE = mapType(CelScalar.STRING, CelScalar.STRING);
const KUBERNETES: CelFunc[] = [
  celFunc('isURL', [CelScalar.STRING], CelScalar.BOOL, isURL),
  celFunc('url', [CelScalar.STRING], URL_TYPE, (text) => new Map([['scheme', url(text).scheme]])),
  celMethod('getScheme', URL_TYPE, [], CelScalar.STRING, function () {
    return this.get('scheme') as string;
  }),
];

/** A rule with the schema of the values that it is about; rules and schemas are in many bundles and versions. */
function rulesWithSchemas(): [rule: string, schema: StructuralSchema][] {
  const found = new Map<string, [string, StructuralSchema]>();
  for (const bundle of bundles()) {
    for (const { apiVersion, kind } of kinds(bundle)) {
      const { rules, schema: root } = schema(bundle, apiVersion, kind) ?? { rules: [], schema: {} };
      for (const rule of rules) found.set(rule.rule, [rule.rule, at(root, rule)]);
    }
  }
  return [...found.values()];
}

function at(root: StructuralSchema, { path }: SchemaRule): StructuralSchema {
  let here = root;
  for (const step of path.split(/(?=\[\]|\{\})|\./).filter((name) => name !== '')) {
    const { items, additionalProperties, properties } = here;
    const next = step === '[]' ? items : step === '{}' ? additionalProperties : properties?.[step];
    if (typeof next !== 'object') throw new Error(`${path}: no ${step}`);
    here = next;
  }
  return here;
}

/** What the engine says: true, false, or an error, which refuses the value, too. */
function engine(rule: string): (self: Value) => boolean {
  const evaluate = plan(
    celEnv({ funcs: [...strings, ...KUBERNETES] }),
    parse(rule.replaceAll('__namespace__', 'namespace')),
  );
  return (self) => evaluate({ self: input(self) }) === true;
}

/** Numbers of the schemas are integers. */
function input(value: Value): CelInput {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(input);
  if (typeof value === 'object') return new Map(Object.entries(value).map(([name, field]) => [name, input(field)]));
  return value;
}

function judgedByPredicate(rule: string, self: Value): boolean {
  try {
    return PREDICATES.get(rule)?.(self) ?? false;
  } catch {
    return false;
  }
}

const RULES = rulesWithSchemas();

test('every rule of every schema has a predicate', () => {
  expect([...PREDICATES.keys()].sort()).toEqual(RULES.map(([rule]) => rule).sort());
});

test('a rule about a change holds for a new object', () => {
  expect(PREDICATES.get('self == oldSelf')).toBe(transition);
  expect(transition({})).toBe(true);
});

describe('the predicate says what a CEL engine says', () => {
  const judged = new Set<string>();

  test.each(RULES.filter(([rule]) => !rule.includes('oldSelf')))('%s', (rule, part) => {
    const judgedByEngine = engine(rule);
    fc.assert(
      fc.property(valuesOf(part, ''), (self) => {
        const expected = judgedByEngine(self);
        judged.add(`${expected}`);
        expect(judgedByPredicate(rule, self)).toBe(expected);
      }),
      { numRuns: 150, seed: 14 },
    );
  });

  test('some values are refused, others are not', () => {
    expect([...judged].sort()).toEqual(['false', 'true']);
  });
});
