import { Access, EgressGatewayPeering, External, type Fleet, Gateway, Ossm, PeeringTls, Port } from '../../../lib';
import { mesh, objectsOf, synth } from '../../support/model';

/** Peerings of one gateway; each closes namespaces. */
function closing(peerings: Record<string, string[]>, isExposed = false) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', {}, 'east');
    consumer.namespace('travel');
    consumer.namespace('batch', { create: true });
    const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
    for (const [id, onlyWayOut] of Object.entries(peerings)) {
      const provider = External.server({ host: `${id}.example`, ports: [Port.http(80)] });
      const tls = PeeringTls.plain();
      const peering = new EgressGatewayPeering(fleet, id, { consumer, provider, egress, tls, onlyWayOut });
      if (isExposed) peering.expose(provider, { host: provider.host, allow: [Access.http()] });
    }
  };
}

const policies = (build: (fleet: Fleet) => void) =>
  objectsOf(build)
    .find('NetworkPolicy')
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

test('one policy for each namespace, about all its pods and calls that leave them', () => {
  const objects = objectsOf(closing({ bank: ['travel', 'batch'] })).find('NetworkPolicy');
  expect(objects.map(({ metadata }) => metadata.namespace)).toEqual(['batch', 'travel']);
  for (const { spec } of objects) {
    // `ports` and `ipBlock` would open, or leave open, more than pods of the cluster
    expect(spec).toEqual({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ namespaceSelector: {} }] }],
    });
  }
});

test('peerings that close one namespace have a policy each: cancelling one leaves it closed', () => {
  expect(policies(closing({ bank: ['travel'], shop: ['travel'] }))).toEqual([
    'travel/bank.only-way-out',
    'travel/shop.only-way-out',
  ]);
  expect(policies(closing({ shop: ['travel'] }))).toEqual(['travel/shop.only-way-out']);
});

test("stands in the file of the peering's consumer, whether anything is exposed or not", () => {
  for (const isExposed of [false, true]) {
    const files = synth(closing({ bank: ['travel'] }, isExposed));
    expect(files['east/agency.bank.consumer.k8s.yaml']).toContain('name: bank.only-way-out');
  }
});

test('members of OpenShift Service Mesh 2 can be closed like any namespace', () => {
  const objects = objectsOf((fleet) => {
    const consumer = mesh(fleet, 'agency', { platform: Ossm.v2_6() }, 'east');
    consumer.namespace('travel');
    consumer.namespace('egress');
    const provider = External.server({ host: 'api.bank.example', ports: [Port.http(80)] });
    new EgressGatewayPeering(fleet, 'bank', {
      consumer,
      provider,
      egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }),
      tls: PeeringTls.plain(),
      onlyWayOut: ['travel'],
    });
  });
  expect(objects.find('NetworkPolicy').map(({ apiVersion }) => apiVersion)).toEqual(['networking.k8s.io/v1']);
});
