import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { bundles, kinds } from '../../imports/schema';
import { toJsonSchema, validator } from './validate';

const GOLDEN = join(__dirname, '..', '..', 'testbed', 'golden');
const istio = validator(['istio-1.31']);

function destinationRule(trafficPolicy: object, spec: object = { host: 'ratings' }): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'ratings', namespace: 'default', labels: { any: 'label' } },
    spec: { ...spec, trafficPolicy },
  };
}

describe('validator', () => {
  test('a valid object has no problems', () => {
    expect(istio(destinationRule({ tls: { mode: 'ISTIO_MUTUAL', sni: 'a.example.com' } }))).toEqual([]);
  });

  test('a misspelt field is named with its place', () => {
    expect(istio(destinationRule({ tls: { mode: 'SIMPLE', sniHost: 'a' } }))).toEqual([
      'DestinationRule default/ratings: spec.trafficPolicy.tls.sniHost: unknown field',
    ]);
  });

  test('a value that is not in the enum is shown with those that are', () => {
    expect(istio(destinationRule({ tls: { mode: 'MUTAL' } }))).toEqual([
      'DestinationRule default/ratings: spec.trafficPolicy.tls.mode: is "MUTAL", must be one of DISABLE, SIMPLE, MUTUAL, ISTIO_MUTUAL',
    ]);
  });

  test('a missing required field is named', () => {
    expect(istio(destinationRule({}, {}))).toEqual(['DestinationRule default/ratings: spec.host: is required']);
  });

  test('a wrong type, in a list', () => {
    const outliers = {
      outlierDetection: { consecutive5xxErrors: 'five' },
      portLevelSettings: [{ port: { number: '80' } }],
    };
    expect(istio(destinationRule(outliers))).toEqual([
      'DestinationRule default/ratings: spec.trafficPolicy.outlierDetection.consecutive5xxErrors: is "five", must be integer or null',
      'DestinationRule default/ratings: spec.trafficPolicy.portLevelSettings[0].port.number: is "80", must be integer',
    ]);
  });

  test('two fields that exclude each other', () => {
    expect(
      istio(destinationRule({ loadBalancer: { simple: 'RANDOM', consistentHash: { useSourceIp: true } } })),
    ).toEqual([
      'DestinationRule default/ratings: spec.trafficPolicy.loadBalancer: sets simple, consistentHash, may set only one of simple, consistentHash',
    ]);
  });

  test('items of a list map are unique', () => {
    const ports = [80, 443].map((number) => ({ number, name: 'http', protocol: 'HTTP' }));
    const entry = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata: { name: 'a' },
      spec: { hosts: ['a.b'], ports },
    };
    expect(istio(entry)).toEqual(['ServiceEntry a: spec.ports: two items have the same name']);
  });

  test('fields that the schema leaves open are accepted', () => {
    const configPatches = [{ applyTo: 'HTTP_FILTER', patch: { operation: 'MERGE', value: { any: { thing: [1] } } } }];
    const filter = {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'a' },
      spec: { configPatches },
    };
    expect(istio(filter)).toEqual([]);
  });

  test('a version that the platform does not serve is a problem, an object of another group is not', () => {
    const ossm2 = validator(['istio-1.20', 'maistra', 'openshift']);
    expect(ossm2(destinationRule({}))).toEqual([
      'DestinationRule default/ratings: networking.istio.io/v1 DestinationRule is not in istio-1.20, maistra, openshift',
    ]);
    expect(ossm2({ ...destinationRule({}), apiVersion: 'networking.istio.io/v1beta1' })).toEqual([]);
    expect(ossm2({ apiVersion: 'apps/v1', kind: 'Deployment', spec: { anything: true } })).toEqual([]);
    expect(ossm2({ apiVersion: 'v1', kind: 'Service', spec: { anything: true } })).toEqual([]);
  });

  test('a Route port is a number or a name, a weight has bounds', () => {
    const openshift = validator(['openshift']);
    const route = (targetPort: unknown, weight: number): object => ({
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name: 'r' },
      spec: { port: { targetPort }, to: { kind: 'Service', name: 'gw', weight } },
    });
    expect(openshift(route(8443, 100))).toEqual([]);
    expect(openshift(route('https', 100))).toEqual([]);
    expect(openshift(route(true, 257))).toEqual([
      'Route r: spec.port.targetPort: is true, must be integer or string',
      'Route r: spec.to.weight: is 257, must be <= 256',
    ]);
  });

  test('an unknown bundle is refused', () => {
    expect(() => validator(['istio-9'])).toThrow(/bundle istio-9 is not one of .*istio-1\.31/);
  });

  test('the schema of every kind of every bundle compiles', () => {
    for (const bundle of bundles()) {
      const validate = validator([bundle]);
      for (const { apiVersion, kind } of kinds(bundle)) {
        expect(validate({ apiVersion, kind, metadata: { name: 'x' }, unknown: 1 })).toContain(
          `${kind} x: unknown: unknown field`,
        );
      }
    }
  });
});

describe('toJsonSchema', () => {
  test('refuses unknown fields of structural objects only', () => {
    expect(toJsonSchema({ type: 'object', properties: { a: { type: 'string' } } })).toMatchObject({
      additionalProperties: false,
    });
    expect(toJsonSchema({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true })).toEqual({
      type: ['object'],
    });
    expect(toJsonSchema({ type: 'object', additionalProperties: { type: 'string' } })).toEqual({
      type: ['object'],
      additionalProperties: { type: ['string'] },
    });
  });

  test('nullable and int-or-string', () => {
    expect(toJsonSchema({ type: 'string', nullable: true, enum: ['a'] })).toEqual({
      type: ['string', 'null'],
      enum: ['a', null],
    });
    expect(toJsonSchema({ 'x-kubernetes-int-or-string': true })).toEqual({ type: ['integer', 'string'] });
  });
});

test('golden manifests, which carry traffic, pass the schemas of Istio 1.31', () => {
  const files = readdirSync(GOLDEN, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  const problems: string[] = [];
  let checked = 0;
  for (const file of files.sort()) {
    for (const document of parseAllDocuments(readFileSync(join(GOLDEN, file), 'utf8'))) {
      const manifest: { apiVersion?: string } | null = document.toJS();
      if (!manifest?.apiVersion?.includes('istio.io/')) continue;
      checked += 1;
      problems.push(...istio(manifest).map((problem) => `${file}: ${problem}`));
    }
  }
  expect(problems).toEqual([]);
  expect(checked).toBeGreaterThan(150);
});
