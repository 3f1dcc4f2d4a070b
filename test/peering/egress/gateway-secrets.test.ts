import {
  Access,
  Callers,
  EgressGatewayPeering,
  type EgressTls,
  External,
  Fleet,
  Gateway,
  PeeringTls,
  Port,
} from '../../../lib';
import { mesh, objectsOf, synth } from '../../support/model';
import { client, HOPS, HOST, leg, serverEnd } from './legs';

describe('what the gateway reads', () => {
  const secrets = (tls: EgressTls) =>
    JSON.parse(
      synth((fleet) => {
        leg({ tls, ingress: { denyByDefault: tls.mode !== 'plain' } })(fleet);
      })['fleet.json'],
    ).secrets.filter(({ cluster }: { cluster: string }) => cluster === 'east');

  test.each([
    ['mutual', [{ namespace: 'egress', name: 'client', keys: ['ca.crt', 'tls.crt', 'tls.key'] }]],
    ['simple', [{ namespace: 'egress', name: 'ca', keys: ['ca.crt'] }]],
    ['plain', []],
    ['application', []],
  ] as const)('%s: %j', (hop, expected) => {
    expect(secrets(HOPS[hop]())).toMatchObject(expected);
    expect(secrets(HOPS[hop]())).toHaveLength(expected.length);
  });

  test.each([
    ['mutual', 1],
    ['simple', 0],
    ['plain', 0],
    ['application', 0],
  ] as const)('%s: rights to list Secrets at the consumer: %i', (hop, roles) => {
    const fleet = new Fleet();
    leg({ tls: HOPS[hop](), ingress: { denyByDefault: hop !== 'plain' } })(fleet);
    const east = fleet.manifests().filter(({ cluster }) => cluster === 'east');
    expect(east.filter(({ manifest }) => manifest.kind === 'Role')).toHaveLength(roles);
  });

  test('a gateway that exists has its rights already', () => {
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const bank = External.server({ host: HOST, ports: [Port.http(443)] });
      new EgressGatewayPeering(fleet, 'premium', {
        consumer,
        provider: bank,
        egress: Gateway.existing(consumer, 'old', { kind: 'egress', namespace: 'egress', selector: { app: 'old' } }),
        tls: PeeringTls.mutual({ client, server: serverEnd }),
        callers: Callers.namespaces('travel'),
      }).expose(bank, { host: HOST, allow: [Access.http()] });
    });
    expect(objects.all.map(({ kind }) => kind)).toEqual([
      'ServiceEntry',
      'Gateway',
      'DestinationRule',
      'DestinationRule',
      'VirtualService',
    ]);
    expect(objects.one('Gateway').spec).toMatchObject({ selector: { app: 'old' } });
  });
});
