import { Callers, EgressGatewayPeering, Gateway } from '../../lib';
import { mesh, objectsOf } from '../support/model';
import { bank, type Call, call, HOST, LABEL, mutual } from './bank';

/** What these tests read of a policy. */
interface Policy {
  readonly spec: { readonly rules?: object[] };
}

describe('who may use the gateway', () => {
  const rules = (more: Partial<Call>) =>
    objectsOf(call({ tls: mutual, ...more })).one<Policy>('AuthorizationPolicy', `egress/${LABEL}`).spec.rules;
  const from = (...principals: string[]) => [
    {
      from: [{ source: { principals } }],
      to: [{ operation: { hosts: [HOST, `${HOST}:*`], ports: ['8443'] } }],
    },
  ];

  test('all workloads of the mesh', () => {
    expect(rules({})).toEqual(from('agency.example/*'));
  });

  test('those of some namespaces', () => {
    expect(rules({ callers: Callers.namespaces('travel', 'batch') })).toEqual(
      from('agency.example/ns/batch/*', 'agency.example/ns/travel/*'),
    );
  });

  test('those of some ServiceAccounts, whose namespaces see the host', () => {
    const objects = objectsOf(
      call({ tls: mutual, callers: Callers.serviceAccounts('travel/web', 'batch/jobs', 'travel/web') }),
    );
    expect(objects.one<Policy>('AuthorizationPolicy', `egress/${LABEL}`).spec.rules).toEqual(
      from('agency.example/ns/batch/sa/jobs', 'agency.example/ns/travel/sa/web'),
    );
    expect(objects.one('ServiceEntry').spec).toMatchObject({ exportTo: ['.', 'batch', 'travel'] });
  });

  test('callers in the namespace of the gateway itself', () => {
    const objects = objectsOf(call({ tls: mutual, callers: Callers.namespaces('egress', 'travel') }));
    expect(objects.one('ServiceEntry').spec).toMatchObject({ exportTo: ['.', 'travel'] });
  });

  test('everybody else is denied, whatever is exposed', () => {
    const deny = { selector: { matchLabels: { istio: 'out' } } };
    const objects = objectsOf((fleet) => {
      new Gateway(mesh(fleet, 'agency'), 'out', { kind: 'egress', namespace: 'egress' });
    });
    expect(objects.one('AuthorizationPolicy')).toMatchObject({ metadata: { name: 'out.deny-all' }, spec: deny });
  });

  test('a gateway that lets everybody through has no policies', () => {
    expect(objectsOf(call({ tls: mutual, gateway: { denyByDefault: false } })).find('AuthorizationPolicy')).toEqual([]);
  });
});

describe('the only way out', () => {
  test('pods of the namespaces reach pods of the cluster, among them the gateway, and nothing outside', () => {
    const objects = objectsOf(call({ tls: mutual, onlyWayOut: ['travel', 'travel'] }));
    expect(objects.one('NetworkPolicy')).toEqual({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'bank.only-way-out', namespace: 'travel' },
      spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }] }] },
    });
  });

  test('does not depend on what is exposed', () => {
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency');
      consumer.namespace('travel');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      new EgressGatewayPeering(fleet, 'bank', {
        consumer,
        provider: bank,
        egress,
        tls: mutual,
        onlyWayOut: ['travel'],
      });
    });
    expect(objects.find('NetworkPolicy')).toHaveLength(1);
  });
});
