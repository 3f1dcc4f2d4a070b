import {
  Access,
  Address,
  ControlPlane,
  EgressGatewayPeering,
  type EgressTls,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Mesh,
  Ossm,
  PeeringTls,
  Port,
  RouteFront,
} from '../../../lib';
import { mesh } from '../../support/model';
import { type Case, client, consumed, HOPS, HOST, leg, NAME, ownPort, serverEnd } from './legs';

describe('where the gateway connects to', () => {
  const entry = (more: Partial<Case>) => consumed(leg({ tls: HOPS.mutual(), ...more })).one('ServiceEntry').spec;
  const at = (address: Address) => entry({ ingress: { address } });

  test('IP addresses', () => {
    expect(at(Address.ip('192.0.2.1', '192.0.2.2'))).toMatchObject({
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      endpoints: [
        { address: '192.0.2.1', ports: { http: 443 } },
        { address: '192.0.2.2', ports: { http: 443 } },
      ],
    });
  });

  test('a name other than the host', () => {
    expect(at(Address.hostname('lb.partner.example'))).toMatchObject({
      resolution: 'DNS',
      endpoints: [{ address: 'lb.partner.example', ports: { http: 443 } }],
    });
  });

  test('a port of the nodes', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 });
    expect(entry({ ingress: { address, ports: [GatewayPort.https()] } })).toMatchObject({
      resolution: 'STATIC',
      endpoints: [{ address: '192.0.2.1', ports: { http: 30443 } }],
    });
  });

  test("the application's TLS at an address", () => {
    expect(entry({ tls: HOPS.application(), ingress: { address: Address.ip('192.0.2.1') } })).toMatchObject({
      ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
      endpoints: [{ address: '192.0.2.1', ports: { tls: 443 } }],
    });
  });

  test("OpenShift's router in front", () => {
    const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.existing('istio-system') };
    expect(entry({ mesh: ossm, ingress: { route: RouteFront.passthrough() } })).toMatchObject({
      ports: [{ number: 80, targetPort: 443 }],
    });
  });

  test('a port that callers dial; the rule of the host is about the same', () => {
    const objects = consumed(leg({ tls: HOPS.mutual(), options: { port: 8080 } }));
    expect(objects.one('ServiceEntry').spec).toMatchObject({ ports: [{ number: 8080, targetPort: 443 }] });
    expect(objects.one('DestinationRule', `egress/${NAME}`).spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ port: { number: 8080 } }] },
    });
    expect(objects.one('VirtualService').spec).toMatchObject({
      http: [
        { match: [{ gateways: ['mesh'], port: 8080 }] },
        { route: [{ destination: { host: HOST, port: { number: 8080 } } }] },
      ],
    });
  });

  /** A provider that is not ours. */
  const outside = (tls: EgressTls, provider: (fleet: Fleet) => { owner: never; service: never }) =>
    consumed((fleet) => {
      const consumer = mesh(fleet, 'agency', {}, 'east');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const { owner, service } = provider(fleet);
      new EgressGatewayPeering(fleet, 'premium', { consumer, provider: owner, egress, tls }).expose(service, {
        host: HOST,
        allow: [tls.mode === 'application' ? Access.tcp() : Access.http()],
      });
    }).one('ServiceEntry').spec;

  test('a server in no mesh at its own port, whatever port callers dial', () => {
    const bank = External.server({ host: HOST, ports: [Port.http(8443)] });
    const spec = outside(PeeringTls.simple({ server: serverEnd }), () => ({
      owner: bank as never,
      service: bank as never,
    }));
    expect(spec).toMatchObject({
      hosts: [HOST],
      ports: [{ number: 80, name: 'http', targetPort: 8443 }],
      resolution: 'DNS',
    });
  });

  test.each([
    ['plain', [{ number: 80, name: 'http', protocol: 'HTTP' }]],
    ['mutual', [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }]],
    ['application', [{ number: 443, name: 'tls', protocol: 'TLS' }]],
  ] as const)("somebody else's mesh, %s: the host, at the usual port", (hop, ports) => {
    const tls = hop === 'mutual' ? PeeringTls.mutual({ client, server: serverEnd }) : HOPS[hop]();
    const spec = outside(tls, (fleet) => {
      const owner = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' });
      const service = owner.service('insurances', { namespace: 'broker', ports: [ownPort(tls)] });
      return { owner: owner as never, service: service as never };
    });
    expect(spec).toMatchObject({ hosts: [HOST], location: 'MESH_EXTERNAL', resolution: 'DNS', ports });
    expect(spec).not.toHaveProperty('endpoints');
  });
});
