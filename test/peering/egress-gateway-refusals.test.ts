import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  type EgressGatewayPeeringProps,
  type EgressTls,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Mesh,
  Ossm,
  PeeringTls,
  Port,
} from '../../lib';
import { agencyAndPartner, mesh, messageOf, objectsOf } from '../support/model';
import { application, bank, call, client, HOST, mutual, server, signer } from './bank';

describe('what does not fit is refused', () => {
  const stated = (props: (fleet: Fleet, agency: Mesh) => Partial<EgressGatewayPeeringProps<EgressTls>>) =>
    messageOf(() => {
      const fleet = new Fleet();
      const consumer = mesh(fleet, 'agency', {}, 'east');
      consumer.namespace('travel');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const defaults = { consumer, provider: bank, egress, tls: mutual };
      return new EgressGatewayPeering<EgressTls>(fleet, 'bank', { ...defaults, ...props(fleet, consumer) });
    });
  const shop = (fleet: Fleet) => Mesh.external(fleet, 'shop', { trustDomain: 'shop.example' });
  const ours = (fleet: Fleet) => {
    const { partner, ingress } = agencyAndPartner(fleet, {}, {});
    return { provider: partner, ingress, tls: PeeringTls.plain() };
  };

  test.each<[string, (fleet: Fleet, agency: Mesh) => Partial<EgressGatewayPeeringProps<EgressTls>>, string]>([
    [
      'the egress gateway of another mesh',
      (fleet) => ({ egress: new Gateway(mesh(fleet, 'other'), 'out', { kind: 'egress', namespace: 'egress' }) }),
      'MESH1211 bank: egress gateway other-cluster/other/out is not of the consumer; expected a gateway of agency',
    ],
    [
      'an ingress gateway',
      (_fleet, agency) => ({ egress: new Gateway(agency, 'in', { kind: 'ingress', namespace: 'egress' }) }),
      'MESH1212 bank: gateway east/agency/in is an ingress gateway; expected an egress gateway',
    ],
    [
      'no egress gateway',
      () => ({ egress: undefined }),
      "MESH1210 bank: the consumer east/agency is ours, so its egress gateway is needed; state 'egress'",
    ],
    [
      'the gateway of a consumer that is not ours',
      (fleet) => ({ consumer: shop(fleet), ...ours(fleet) }),
      "MESH1215 bank: 'egress' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
    ],
    [
      'callers of a consumer that is not ours',
      (fleet) => ({ consumer: shop(fleet), egress: undefined, callers: Callers.namespaces('travel'), ...ours(fleet) }),
      "MESH1215 bank: 'callers' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
    ],
    [
      'closed namespaces of a consumer that is not ours',
      (fleet) => ({ consumer: shop(fleet), egress: undefined, onlyWayOut: ['travel'], ...ours(fleet) }),
      "MESH1215 bank: 'onlyWayOut' is stated, but the consumer shop is not ours, so nothing would be written; leave it out",
    ],
    [
      'a gateway without a port for TLS',
      (_fleet, agency) => ({
        egress: new Gateway(agency, 'plain', { kind: 'egress', namespace: 'egress', ports: [GatewayPort.http()] }),
      }),
      'MESH1112 east/agency/plain: the gateway has no https port, it has http 80; add GatewayPort.https()',
    ],
    [
      'a gateway that can only pass TLS on, for TLS that it shall originate',
      (_fleet, agency) => ({
        egress: new Gateway(agency, 'sni', { kind: 'egress', namespace: 'egress', ports: [GatewayPort.tls()] }),
      }),
      'MESH1112 east/agency/sni: the gateway has no https port, it has tls 15443; add GatewayPort.https()',
    ],
    [
      'mounted files',
      () => ({
        tls: PeeringTls.mutual({
          // the types refuse it, too
          client: Credential.files('f', { identity: client.identity, signer, directory: '/certs' }) as never,
          server,
        }),
      }),
      'MESH1216 bank: the client credential is mounted files, but a gateway reads Secrets; use Credential.secret',
    ],
    [
      'ServiceAccounts at a gateway that lets everybody through',
      (_fleet, agency) => ({
        egress: Gateway.existing(agency, 'old', { kind: 'egress', namespace: 'egress', selector: { istio: 'old' } }),
        callers: Callers.serviceAccounts('travel/web'),
      }),
      'MESH1206 bank: callers names ServiceAccounts (travel/web), but gateway east/agency/old lets everybody through; set denyByDefault: true on the gateway, or use Callers.namespaces; the rule would be widened',
    ],
    [
      'ServiceAccounts that the gateway does not see',
      () => ({ tls: application, callers: Callers.serviceAccounts('travel/web') }),
      "MESH1206 bank: callers names ServiceAccounts (travel/web), but the application's own TLS shows the egress gateway no identity; use Callers.namespaces; the rule would be widened",
    ],
    [
      'no namespace to close',
      () => ({ onlyWayOut: [] }),
      'MESH1208 bank: onlyWayOut is empty; name the namespaces, or leave it out',
    ],
    [
      'namespaces to close that are null',
      () => ({ onlyWayOut: JSON.parse('null') }),
      "MESH1006 bank: 'onlyWayOut' is null, expected a list; is an environment variable unset, or a field of a JSON file missing?",
    ],
    [
      'a namespace that the mesh does not have',
      () => ({ onlyWayOut: ['nowhere'] }),
      "MESH1208 bank: onlyWayOut names 'nowhere', which is no namespace of east/agency; it has travel: declare it with mesh.namespace('nowhere')",
    ],
    ['a malformed namespace', () => ({ onlyWayOut: ['Travel'] }), "MESH1001 bank: namespace 'Travel' is no DNS label"],
    [
      'the namespace of the gateway itself',
      (_fleet, agency) => {
        agency.namespace('egress');
        return { onlyWayOut: ['egress'] };
      },
      "MESH1208 bank: onlyWayOut names 'egress', where gateway east/agency/out is: it would be cut off itself; leave it out, and keep workloads out of that namespace",
    ],
  ])('%s', (_, props, message) => {
    expect(stated(props).startsWith(message)).toBe(true);
  });

  test('a port that a Service of the own cluster lacks', () => {
    const inside = External.server({ host: 'old.no-mesh.svc.cluster.local', ports: [Port.http(8080)] });
    expect(messageOf(() => objectsOf(call({ tls: PeeringTls.plain(), server: inside, port: 80 })))).toBe(
      "MESH1220 bank: host 'old.no-mesh.svc.cluster.local' is a Service of the own cluster, which callers dial at its port 8080, not 80; expose it with port: 8080",
    );
  });

  test('two exposures of one host, also through different peerings and gateways', () => {
    const run = () => {
      const fleet = new Fleet();
      const consumer = new Mesh(new Cluster(fleet, 'east'), 'agency', {
        platform: Ossm.v3(),
        controlPlane: ControlPlane.existing('istio-system'),
      });
      for (const id of ['a', 'b']) {
        const egress = new Gateway(consumer, `out-${id}`, { kind: 'egress', namespace: 'egress' });
        new EgressGatewayPeering(fleet, id, { consumer, provider: bank, egress, tls: mutual }).expose(bank, {
          host: HOST,
          allow: [Access.http()],
        });
      }
    };
    expect(messageOf(run)).toContain(`MESH1204 b: host '${HOST}' already leads through`);
  });
});
