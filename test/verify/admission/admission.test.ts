import fc from 'fast-check';
import { Ossm } from '../../../lib/platform/ossm';
import { Admission } from '../../../lib/verify/admission/admission';
import { object, said, texts } from './support';

const NETWORKING = 'networking.istio.io/v1';

describe('what is asked, and in which order', () => {
  const admission = new Admission(['istio-1.31']);

  test('an object that the cluster takes has no problems', () => {
    const spec = { host: 'ratings', trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL', sni: 'a.example.com' } } };
    expect(said(NETWORKING, 'DestinationRule', spec)).toEqual([]);
  });

  test('the webhook is asked only about an object that keeps to the schema', () => {
    const spec = { host: 'not_a_host', trafficPolicy: { tls: { mode: 'MUTAL' } } };
    expect(admission.judge(object(NETWORKING, 'DestinationRule', spec)).map(({ by }) => by)).toEqual(['schema']);
  });

  test('rules are asked only about an object that keeps to the schema, the webhook only about one that keeps to the rules', () => {
    const endpoint = {
      hosts: ['*'],
      resolution: 'NONE',
      endpoints: [{ address: '1.2.3.4' }],
      ports: [{ number: 0, name: 'a_b' }],
    };
    expect([...new Set(admission.judge(object(NETWORKING, 'ServiceEntry', endpoint)).map(({ by }) => by))]).toEqual([
      'rule',
    ]);
  });

  test('every problem of a judge is said, not only the first', () => {
    expect(
      said(NETWORKING, 'Gateway', { servers: [{ hosts: ['a'], port: { number: 0, name: '', protocol: 'QUIC' } }] }),
    ).toEqual([
      'spec.servers[0].hosts[0] is "a", expected a full name such as name.namespace.svc.cluster.local',
      'spec.servers[0].port.protocol is "QUIC", expected HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS or TCP',
      'spec.servers[0].port.number is 0, expected a port from 1 to 65535',
      'spec.servers[0].port.name is empty, expected a name',
    ]);
  });

  test('an object without a spec is one with nothing in it', () => {
    expect(texts(admission.judge({ ...object(NETWORKING, 'Gateway', undefined) }))).toEqual([
      'spec.servers is empty, expected at least one server',
    ]);
  });

  test('null is a missing field, but not an unknown one', () => {
    expect(said(NETWORKING, 'DestinationRule', { host: 'a', trafficPolicy: null })).toEqual([]);
    expect(said(NETWORKING, 'DestinationRule', { host: null })).toEqual(['spec.host is required']);
    expect(said(NETWORKING, 'DestinationRule', { host: 'a', subset: null })).toEqual([
      'spec.subset is no field of this kind',
    ]);
    expect(said(NETWORKING, 'DestinationRule', { host: 'a', subsets: [null] })).toEqual([
      'spec.subsets[0] is null, expected an object',
    ]);
  });
});

describe('kinds and platforms', () => {
  test('a version that a platform does not serve is named with those that it serves', () => {
    const ossm = new Admission(Ossm.v2_6().bundles);
    expect(texts(ossm.judge(object(NETWORKING, 'Gateway', {})))).toEqual([
      'apiVersion is networking.istio.io/v1, of which the cluster serves no Gateway: it has networking.istio.io/v1alpha3, networking.istio.io/v1beta1',
    ]);
  });

  test('what an old schema does not require the webhook does', () => {
    const ossm = new Admission(Ossm.v2_6().bundles);
    expect(
      texts(
        ossm.judge(object('networking.istio.io/v1beta1', 'VirtualService', { hosts: ['a'], http: [{ route: [{}] }] })),
      ),
    ).toEqual(['spec.http[0].route[0].destination is required']);
  });

  test('a kind that no bundle of the platform has', () => {
    expect(said('sailoperator.io/v1', 'Istio', {})).toEqual([
      'apiVersion is sailoperator.io/v1, of which the cluster serves no Istio: istio-1.31 have none',
    ]);
  });

  test('a bundle that does not exist is refused', () => {
    expect(() => new Admission(['istio-9'])).toThrow('bundle istio-9 is not one of cert-manager, istio-1.20');
  });

  test('of a kind that nobody knows only its metadata is looked at', () => {
    expect(said('example.com/v1', 'Thing', { any: 'thing' })).toEqual([]);
    expect(said('example.com/v1', 'Thing', {}, { name: 'A' })).toEqual([
      'metadata.name is "A", expected at most 253 lower-case letters, digits, dashes and dots',
    ]);
  });

  test('nor is more of a kind whose group is known in part', () => {
    expect(said('sailoperator.io/v1', 'IstioCNI', { any: 'thing' })).toEqual([]);
    expect(said('cert-manager.io/v1', 'CertificateRequest', { any: 'thing' })).toEqual([]);
    expect(said('networking.istio.io/v1', 'VirtualServices', {})).toHaveLength(1);
  });

  test.each([[undefined], [null], ['text'], [[]], [{}], [{ apiVersion: 1, kind: 'Gateway' }]])(
    '%j is no object',
    (given) => {
      expect(texts(new Admission(['istio-1.31']).judge(given))).toEqual([
        ' is no object of Kubernetes, expected apiVersion and kind',
      ]);
    },
  );
});

test('nothing that can be parsed makes it throw, and nothing is changed', () => {
  const admission = new Admission(['istio-1.31', 'cert-manager', 'openshift']);
  const kinds = fc.constantFrom(
    ['networking.istio.io/v1', 'VirtualService'],
    ['networking.istio.io/v1', 'Gateway'],
    ['v1', 'Service'],
    ['route.openshift.io/v1', 'Route'],
  );
  fc.assert(
    fc.property(kinds, fc.jsonValue(), fc.jsonValue(), ([apiVersion, kind], metadata, spec) => {
      const given = { apiVersion, kind, metadata, spec };
      const before = JSON.stringify(given);
      admission.judge(given);
      expect(JSON.stringify(given)).toBe(before);
    }),
    { numRuns: 500, seed: 14 },
  );
});
