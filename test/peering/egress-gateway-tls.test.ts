import {
  Access,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  type EgressTls,
  External,
  Gateway,
  Identity,
  Ossm,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../lib';
import { mesh, objectsOf, synth, synthErrors } from '../support/model';
import { application, type Call, call, HOST, LABEL, mutual, server } from './bank';

describe('TLS of the hop behind the gateway', () => {
  const onward = (tls: EgressTls, more: Partial<Call> = {}) => objectsOf(call({ tls, ...more }));
  const RULE = `egress/bank.${HOST}.443`;

  test('mutual: seen by the gateway alone, which may read its key pair', () => {
    const objects = onward(mutual);
    expect(objects.one('DestinationRule', RULE).spec).toEqual({
      host: HOST,
      exportTo: ['.'],
      trafficPolicy: {
        portLevelSettings: [
          {
            port: { number: 80 },
            tls: { mode: 'MUTUAL', credentialName: 'egress-client', sni: HOST, subjectAltNames: [HOST] },
          },
        ],
      },
    });
    expect(objects.one('RoleBinding')).toMatchObject({
      metadata: { namespace: 'egress' },
      subjects: [{ kind: 'ServiceAccount', name: 'out', namespace: 'egress' }],
    });
  });

  test('mutual: the Secret is needed where the gateway is', () => {
    const { secrets } = JSON.parse(synth(call({ tls: mutual }))['fleet.json']);
    expect(secrets).toEqual([
      {
        cluster: 'east',
        namespace: 'egress',
        name: 'egress-client',
        keys: ['ca.crt', 'tls.crt', 'tls.key'],
        identity: 'spiffe://agency.example/egress',
        signer: { name: 'agency-ca', sha256: [] },
        trusts: { name: 'bank-ca', sha256: [] },
        writtenBy: 'somebody else',
        neededBy: 'bank',
      },
    ]);
  });

  test("mutual with cert-manager: two peerings can share a certificate, which is the gateway's", () => {
    // GIVEN
    const issued = Credential.certManager('egress-client', {
      identity: Identity.spiffe('agency.example/egress'),
      signer: TrustBundle.declared('bank-ca'),
      issuer: { name: 'issuer' },
    });
    // WHEN
    const objects = objectsOf((fleet) => {
      const consumer = mesh(fleet, 'agency');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      for (const id of ['one', 'two']) {
        const provider = External.server({ host: `${id}.bank.example`, ports: [Port.http(443)] });
        const tls = PeeringTls.mutual({ client: issued, server });
        new EgressGatewayPeering(fleet, id, { consumer, provider, egress, tls }).expose(provider, {
          host: provider.host,
          allow: [Access.http()],
        });
      }
    });
    // THEN
    expect(objects.one('Certificate')).toMatchObject({
      metadata: { name: 'egress-client', namespace: 'egress' },
      spec: { uris: ['spiffe://agency.example/egress'], usages: ['digital signature', 'client auth'] },
    });
  });

  test('simple with roots from a Secret; no right is needed', () => {
    const objects = onward(PeeringTls.simple({ server }));
    expect(objects.one('DestinationRule', RULE).spec).toMatchObject({
      trafficPolicy: {
        portLevelSettings: [{ tls: { mode: 'SIMPLE', credentialName: 'bank-ca', sni: HOST, subjectAltNames: [HOST] } }],
      },
    });
    expect(objects.find('Role')).toEqual([]);
  });

  test('simple with the roots of the system', () => {
    const system = new PeerEnd(Identity.dns(HOST), TrustBundle.system());
    onward(PeeringTls.simple({ server: system })).has('DestinationRule', RULE, {
      spec: { trafficPolicy: { portLevelSettings: [{ tls: { mode: 'SIMPLE', caCertificates: 'system' } }] } },
    });
  });

  test('clear text: no rule, and a finding; the way to the gateway is encrypted all the same', () => {
    const objects = onward(PeeringTls.plain(), {
      server: External.server({ host: HOST, ports: [Port.http(443)] }),
    });
    objects.lacks('DestinationRule', RULE);
    expect(objects.one('Gateway').spec).toMatchObject({ servers: [{ tls: { mode: 'ISTIO_MUTUAL' } }] });
    expect(synthErrors(call({ tls: PeeringTls.plain() }))).toContain(
      'warning MESH3001: peering bank sends clear text from agency to api.bank.example',
    );
  });

  test('clear text to a Service without sidecar on OpenShift Service Mesh 2: the mesh-wide rule is kept from it', () => {
    // GIVEN
    const inside = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.http(443)] });
    const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('m-system', { mtls: true }) };
    // WHEN
    const objects = onward(PeeringTls.plain(), { server: inside, mesh: ossm });
    // THEN
    expect(objects.one('DestinationRule', `egress/bank.${inside.host}.443`).spec).toMatchObject({
      exportTo: ['.'],
      trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'DISABLE' } }] },
    });
    expect(objects.find('ServiceEntry')).toHaveLength(1);
    expect(objects.one('VirtualService').apiVersion).toBe('networking.istio.io/v1beta1');
  });

  test('a Service that Istio knows has no ServiceEntry', () => {
    const inside = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.http(8080)] });
    const objects = objectsOf(call({ tls: PeeringTls.plain(), server: inside }));
    expect(objects.find('ServiceEntry')).toEqual([]);
    expect(objects.one('VirtualService').spec).toMatchObject({
      http: [
        { match: [{ gateways: ['mesh'], port: 8080 }] },
        { route: [{ destination: { host: 'old.no-mesh.svc.cluster.local', port: { number: 8080 } } }] },
      ],
    });
  });

  test('TLS of the application is passed on by its SNI, and nothing is added to it', () => {
    const tls = External.server({ host: HOST, ports: [Port.tls(443)] });
    const objects = onward(application, { server: tls });
    objects.lacks('DestinationRule', RULE);
    expect(objects.one('Gateway').spec).toMatchObject({
      servers: [{ port: { number: 443, name: 'tls', protocol: 'TLS' }, tls: { mode: 'PASSTHROUGH' } }],
    });
    expect(objects.one('DestinationRule', `egress/${LABEL}`).spec).toMatchObject({
      subsets: [{ trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: 'DISABLE' } }] } }],
    });
    expect(objects.one('VirtualService').spec).toEqual({
      hosts: [HOST],
      exportTo: ['*'],
      gateways: ['mesh', 'egress/bank-443'],
      tls: [
        {
          match: [{ gateways: ['mesh'], port: 443, sniHosts: [HOST] }],
          route: [{ destination: { host: 'out.egress.svc.cluster.local', port: { number: 443 }, subset: LABEL } }],
        },
        {
          match: [{ gateways: ['egress/bank-443'], port: 443, sniHosts: [HOST] }],
          route: [{ destination: { host: HOST, port: { number: 443 } } }],
        },
      ],
    });
    expect(objects.one('AuthorizationPolicy', `egress/${LABEL}`).spec).toMatchObject({
      rules: [{ when: [{ key: 'connection.sni', values: [HOST] }] }],
    });
  });
});
