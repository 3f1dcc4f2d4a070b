import { ApiObject, App, Chart, type IResolver, JsonPatch, Lazy } from 'cdk8s';
import { IntOrString, KubeService, Quantity } from 'cdk8s-plus-27/lib/imports/k8s';
import * as fc from 'fast-check';
import { Renderer } from '../../lib/synth/render';

/** A spec as programs write it: JSON, with tokens of cdk8s, null, undefined, unions. */
const spec = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, undefined, true, 0, -0, 1.5, '', 'text', NaN),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('object'),
    tie('value').map((value) => Lazy.any({ produce: () => value })),
    tie('value').map((value) => ({ resolve: () => value })),
    tie('value').map((value) => new Token(value)),
    fc.constantFrom(IntOrString.fromNumber(8080), IntOrString.fromString('http'), Quantity.fromString('1Gi')),
    fc.constant({ value: 'not a union' }),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'z', '10', '9', 'metadata', 'B'), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
})).object as fc.Arbitrary<object>;

class Token {
  constructor(private readonly value: unknown) {}

  public resolve(): unknown {
    return this.value;
  }
}

function object(props: object): ApiObject {
  return new ApiObject(new Chart(new App(), 'chart'), 'object', { apiVersion: 'v1', kind: 'ConfigMap', ...props });
}

function render(object: ApiObject): object {
  return new Renderer(App.of(object)).render(object);
}

/** Equal including the order of keys. */
function expectSame(received: object, expected: object): void {
  expect(received).toEqual(expected);
  expect(JSON.stringify(received)).toBe(JSON.stringify(expected));
}

describe('Renderer', () => {
  test('renders as cdk8s does, without asking cdk8s', () => {
    fc.assert(
      fc.property(spec, spec, spec, (spec, labels, data) => {
        // GIVEN
        const construct = object({ metadata: { labels, annotations: labels, finalizers: [] }, spec, data, zero: null });
        construct.metadata.addLabel('added', 'later');
        construct.addJsonPatch(JsonPatch.add('/patched', { z: 1, a: 2 }));
        const expected = construct.toJson();
        // The spy stands in the place of the method that the renderer knows.
        const toJson = jest.spyOn(ApiObject.prototype, 'toJson');
        try {
          // WHEN
          const received = render(construct);
          // THEN
          expectSame(received, expected);
          expect(toJson).not.toHaveBeenCalled();
        } finally {
          toJson.mockRestore();
        }
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['unknown to cdk8s', { generation: 2 }],
    ['named like a member of every object', { toString: 'x' }],
  ])('attributes of metadata %s are kept', (_, attributes) => {
    const construct = object({ metadata: { name: 'a', ...attributes } });
    expectSame(render(construct), construct.toJson());
    expect((render(construct) as { metadata: object }).metadata).toMatchObject(attributes);
  });

  test('attributes of metadata added later are kept', () => {
    const construct = object({});
    construct.metadata.add('zone', { b: 1, a: [] });
    expectSame(render(construct), construct.toJson());
  });

  test('JSON patches come last', () => {
    const construct = object({ spec: { list: [1, 2] } });
    construct.addJsonPatch(JsonPatch.remove('/spec/list/0'), JsonPatch.add('/new', { z: 1, a: 2 }));
    construct.addJsonPatch(JsonPatch.remove('/apiVersion'), JsonPatch.add('/apiVersion', 'v2'));
    expectSame(render(construct), construct.toJson());
    expect(render(construct)).toMatchObject({ apiVersion: 'v2', spec: { list: [2] }, new: { z: 1, a: 2 } });
  });

  test('a patch that fails is reported by cdk8s', () => {
    const construct = object({});
    construct.addJsonPatch(JsonPatch.replace('/spec/missing/deep', 1));
    expect(() => render(construct)).toThrow(/^Failed serializing construct at path 'chart\/object' with name/);
  });

  test('objects that override toJson render themselves', () => {
    const construct = new KubeService(new Chart(new App(), 'chart'), 'service', {
      spec: { ports: [{ port: 80, targetPort: IntOrString.fromNumber(8080) }] },
    });
    expectSame(render(construct), construct.toJson());
    expect(render(construct)).toMatchObject({ spec: { ports: [{ port: 80, targetPort: 8080 }] } });
  });

  test("an app's own resolvers are asked", () => {
    // GIVEN
    const resolver: IResolver = {
      resolve: (context) => {
        if (context.value === 'secret') {
          context.replaceValue('***');
        }
      },
    };
    const chart = new Chart(new App({ resolvers: [resolver] }), 'chart');
    const construct = new ApiObject(chart, 'object', { apiVersion: 'v1', kind: 'A', ...{ data: { key: 'secret' } } });
    // THEN
    expect(render(construct)).toMatchObject({ data: { key: '***' } });
  });

  test.each([
    ['a Date', new Date(0), "can't render non-simple object of type 'Date'"],
    ['a Set', new Set(), "can't render non-simple object of type 'Set'"],
    ['an App', new App(), "can't render non-simple object of type 'App'"],
  ])('%s is an error of cdk8s with the construct path', (_, value, message) => {
    const construct = object({ metadata: { name: 'name' }, spec: { at: [value] } });
    expect(() => render(construct)).toThrow(
      `Failed serializing construct at path 'chart/object' with name 'name': Error: ${message}`,
    );
  });

  test('keys keep their order when cdk8s is told not to sort them', () => {
    process.env.CDK8S_DISABLE_SORT = '1';
    try {
      const construct = object({ spec: { b: 1, a: 2 }, data: {}, metadata: { labels: { z: '1', a: '2' } } });
      expectSame(render(construct), construct.toJson());
      expect(Object.keys((render(construct) as { spec: object }).spec)).toEqual(['b', 'a']);
    } finally {
      delete process.env.CDK8S_DISABLE_SORT;
    }
  });
});

test('what is rendered is a plain object in all that a program can ask of it', () => {
  const metadata = { name: 'a', labels: { b: 'c' } };
  const rendered = render(object({ metadata, data: { e: [{ f: 'g' }] } }));
  expect(rendered).toStrictEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { e: [{ f: 'g' }] } });
  expect(Object.getPrototypeOf(rendered)).toBe(Object.prototype);
  expect(rendered.constructor).toBe(Object);
  expect(rendered).toStrictEqual(JSON.parse(JSON.stringify(rendered)));
});
