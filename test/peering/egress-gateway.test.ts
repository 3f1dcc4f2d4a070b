import {
  Access,
  Callers,
  Credential,
  EgressGatewayPeering,
  type Exposure,
  External,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../lib';
import type { ClusterManifests } from '../../lib/testing';
import { agencyAndPartner, objectsOf } from '../support/model';
import { call, HOST, LABEL, mutual, signer } from './bank';

const bankObjects = (objects: ClusterManifests) =>
  objects.all.filter(({ metadata }) => metadata.name.startsWith('bank'));

describe('calls go through the egress gateway', () => {
  const objects = objectsOf(call({ tls: mutual, callers: Callers.namespaces('travel', 'batch') }));

  test('everything of an exposure is in the namespace of the gateway, one object of each kind for each end', () => {
    expect(bankObjects(objects).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'AuthorizationPolicy egress/bank-443',
      'ServiceEntry egress/bank.api.bank.example.443',
      'Gateway egress/bank-443',
      'DestinationRule egress/bank-443',
      'DestinationRule egress/bank.api.bank.example.443',
      'VirtualService egress/bank-443',
    ]);
  });

  test('callers and the gateway know the host, nobody else', () => {
    expect(objects.one('ServiceEntry').spec).toEqual({
      hosts: [HOST],
      exportTo: ['.', 'batch', 'travel'],
      location: 'MESH_EXTERNAL',
      resolution: 'DNS',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
    });
  });

  test('the first leg is mTLS of the mesh with the SNI of the exposure', () => {
    expect(objects.one('Gateway').spec).toEqual({
      selector: { istio: 'out' },
      servers: [
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          hosts: [HOST],
          tls: { mode: 'ISTIO_MUTUAL' },
        },
      ],
    });
    expect(objects.one('DestinationRule', `egress/${LABEL}`).spec).toEqual({
      host: 'out.egress.svc.cluster.local',
      exportTo: ['*'],
      subsets: [
        {
          name: LABEL,
          trafficPolicy: {
            portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'ISTIO_MUTUAL', sni: HOST } }],
          },
        },
      ],
    });
  });

  test('who dials the host is led to the gateway; from there the call goes on', () => {
    expect(objects.one('VirtualService').spec).toEqual({
      hosts: [HOST],
      exportTo: ['.', 'batch', 'travel'],
      gateways: ['mesh', 'egress/bank-443'],
      http: [
        {
          match: [{ gateways: ['mesh'], port: 80 }],
          route: [{ destination: { host: 'out.egress.svc.cluster.local', port: { number: 443 }, subset: LABEL } }],
        },
        {
          match: [{ gateways: ['egress/bank-443'], port: 443 }],
          route: [{ destination: { host: HOST, port: { number: 80 } } }],
        },
      ],
    });
  });

  test('rules of the mesh name the gateway as next hop, with the authority that it routes by', () => {
    let exposure: Exposure | undefined;
    const routed = objectsOf((fleet) => {
      const { agency, partner, ingress, broker } = agencyAndPartner(fleet);
      const local = agency.service('insurances', { namespace: 'travel', ports: [Port.http(8000)] });
      const premium = new EgressGatewayPeering(fleet, 'premium', {
        consumer: agency,
        provider: partner,
        egress: new Gateway(agency, 'out', { kind: 'egress', namespace: 'egress' }),
        ingress,
        tls: PeeringTls.plain(),
      }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http()], subset: 'v1' });
      new Routing(agency, 'premium', { host: local, rules: [Rule.otherwise().to(premium)] });
      exposure = premium;
    });
    expect(exposure).toMatchObject({
      host: 'insurances.partner.example',
      nextHop: {
        host: 'out.egress.svc.cluster.local',
        port: 443,
        subset: 'premium-broker-insurances-8000-v1',
        authority: 'insurances.partner.example',
      },
    });
    expect(routed.one('VirtualService', 'travel/premium').spec).toMatchObject({
      http: [
        {
          route: [
            {
              destination: {
                host: 'out.egress.svc.cluster.local',
                port: { number: 443 },
                subset: 'premium-broker-insurances-8000-v1',
              },
              headers: { request: { set: { ':authority': 'insurances.partner.example' } } },
            },
          ],
        },
      ],
    });
  });

  test.each([
    ['http2', Port.http2(443)],
    ['grpc', Port.grpc(443)],
  ])('%s stays HTTP/2 on the way to the gateway, whose port is named https', (_, port) => {
    const carried = objectsOf(call({ tls: mutual, server: External.server({ host: HOST, ports: [port] }) }));
    expect(carried.one('DestinationRule', `egress/${LABEL}`).spec).toMatchObject({
      subsets: [
        {
          trafficPolicy: {
            portLevelSettings: [
              { tls: { mode: 'ISTIO_MUTUAL' }, connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } },
            ],
          },
        },
      ],
    });
  });

  test('the gateway listens on the port that it has', () => {
    const other = objectsOf(call({ tls: mutual, gateway: { ports: [GatewayPort.https(8443)] } }));
    expect(other.one('Gateway').spec).toMatchObject({ servers: [{ port: { number: 8443 } }] });
    expect(other.one('VirtualService').spec).toMatchObject({
      http: [
        { route: [{ destination: { port: { number: 8443 } } }] },
        { match: [{ gateways: ['egress/bank-443'], port: 8443 }] },
      ],
    });
    expect(other.one('AuthorizationPolicy', `egress/${LABEL}`).spec).toMatchObject({
      rules: [{ to: [{ operation: { ports: ['8443'] } }] }],
    });
  });
});

describe('a provider of ours', () => {
  test('has the same half as with any other strategy', () => {
    const objects = objectsOf((fleet) => {
      const { partner, ingress, broker } = agencyAndPartner(fleet);
      new EgressGatewayPeering(fleet, 'premium', {
        consumer: Mesh.external(fleet, 'shop', { trustDomain: 'shop.example' }),
        provider: partner,
        ingress,
        tls: PeeringTls.mutual({
          client: new PeerEnd(Identity.spiffe('shop.example/egress'), TrustBundle.declared('shop-ca')),
          server: Credential.secret('server', { identity: Identity.dns('partner.example'), signer }),
        }),
      }).expose(broker, { host: 'insurances.partner.example', allow: [Access.http({ methods: ['GET'] })] });
    });
    expect(objects.one('AuthorizationPolicy', 'gateways/premium.broker.insurances.8000').spec).toMatchObject({
      rules: [{ from: [{ source: { principals: ['shop.example/egress'] } }] }],
    });
    expect(objects.find('ServiceEntry')).toEqual([]);
  });
});
