import {
  Address,
  type ExistingGatewayProps,
  FederationGateways,
  type FederationGatewaysProps,
  type Fleet,
  Gateway,
  GatewayPort,
  type Mesh,
  RouteFront,
} from '../../lib';
import { type Form, fails, federated, peer } from './federations';

/** A gateway of the mesh that exists, in the namespace of the control plane. */
const existing = (b: Mesh, more: Partial<ExistingGatewayProps> = {}) =>
  Gateway.existing(b, 'x', {
    ...{ kind: 'ingress', namespace: 'b-system', selector: { a: 'b' }, serviceAccount: 'x' },
    ...more,
  });

describe('gateways that face a peer', () => {
  const gateways = (props: FederationGatewaysProps | ((b: Mesh) => FederationGatewaysProps), form: Form = 'maistra') =>
    fails(({ b }) => new FederationGateways(b, 'a', typeof props === 'function' ? props(b) : props), form);

  test.each<[string, Form, (b: Mesh) => FederationGatewaysProps, string]>([
    [
      'another mesh',
      'maistra',
      (b) => ({ ingress: existing(federated(b.node.root as Fleet, 'maistra', 'z'), { namespace: 'z-system' }) }),
      'is not of the mesh; expected a gateway of ocp/b',
    ],
    [
      'the other kind',
      'maistra',
      (b) => ({ egress: existing(b) }),
      'is an ingress gateway; expected an egress gateway',
    ],
    [
      'a Route',
      'maistra',
      (b) => ({ ingress: existing(b, { route: RouteFront.passthrough() }) }),
      "is behind a Route, which the peer's control plane and gateway cannot dial; leave the Route out: expected a load balancer that passes connections on, or nodes",
    ],
    [
      'missing ports',
      'maistra',
      (b) => ({ ingress: existing(b, { ports: [GatewayPort.tls()] }) }),
      'has no port 8188; expected ports 15443 and 8188, which the control plane has built in',
    ],
    [
      'another namespace',
      'maistra',
      (b) => ({
        ingress: existing(b, {
          namespace: 'elsewhere',
          ports: [GatewayPort.tls(), GatewayPort.https(8188).named('https-discovery')],
        }),
      }),
      'is in namespace elsewhere; the control plane looks for it in its own, b-system',
    ],
    [
      'deny by default on OpenShift Service Mesh 2',
      'maistra',
      (b) => ({
        ingress: existing(b, {
          ports: [GatewayPort.tls(15443, 15443), GatewayPort.https(8188, 8188)],
          denyByDefault: true,
        }),
      }),
      "denies by default, which would cut off the peer's control plane; state denyByDefault: false",
    ],
    [
      'open on Istio',
      'gateways',
      (b) => ({ ingress: existing(b, { ports: [GatewayPort.tls()] }) }),
      'lets everybody through whom the root of the peer vouches for; state denyByDefault: true',
    ],
  ])('%s', (_what, form, props, problem) => {
    const message = gateways(props, form);
    expect(message).toMatch(/^MESH1272 ocp\/b\/federation.a: (in|e)gress gateway [\w/-]+ /);
    expect(message).toContain(problem);
  });

  test('are known by their ServiceAccounts, which somebody states of one that exists', () => {
    const ports = [GatewayPort.tls(), GatewayPort.https(8188)];
    expect(gateways((b) => ({ ingress: existing(b, { ports, serviceAccount: undefined }) }))).toBe(
      "MESH1177 ocp/b/federation.a: a policy lets gateway ocp/b/x through by its ServiceAccount, which nobody states; state serviceAccount: 'x', if its pods run as that (istioctl calls it 'x-service-account')",
    );
  });

  test('face one peer each, behind an address of their own', () => {
    const shared = fails(({ b }) => {
      const ingress = existing(b, { ports: [GatewayPort.tls(), GatewayPort.https(8188)] });
      new FederationGateways(b, 'a', { ingress });
      new FederationGateways(b, 'c', { ingress });
    });
    expect(shared).toBe(
      "MESH1274 ocp/b/federation.c: ingress gateway ocp/b/x faces peer 'a' already; the policies about two peers would deny both: use a gateway of its own for 'c'",
    );
    const address = Address.hostname('lb.b.example');
    expect(
      fails(({ b }) => {
        new FederationGateways(b, 'a', { address });
        new FederationGateways(b, 'c', { address });
      }),
    ).toBe(
      "MESH1274 ocp/b/federation.c: address lb.b.example:15443 leads to the gateway that faces peer 'a'; state an address of its own for 'c'",
    );
  });

  test('are stated once, before their peerings', () => {
    expect(
      fails((world) => {
        peer(world);
        new FederationGateways(world.b, 'a');
      }),
    ).toBe(
      "MESH1280 ocp/b/federation.a: the gateways that face 'a' are stated already, here or by a FederationPeering; state them once, before its peerings",
    );
  });

  test('have no options of another platform', () => {
    expect(gateways({ deploy: ['ingress'] })).toBe(
      "MESH1276 ocp/b/federation.a: 'deploy' is stated, which OpenShift Service Mesh 2.6 has no use for; leave it out",
    );
    expect(gateways({ discoveryPort: 8188 }, 'gateways')).toContain("'discoveryPort' is stated, which Istio 1.31 has");
    expect(gateways({ serviceAnnotations: {} }, 'gateways')).toContain("'serviceAnnotations' is stated");
  });

  test('have both node ports, and one address', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 });
    expect(gateways({ address })).toBe(
      'MESH1281 ocp/b/federation.a: Address.nodePort names the node port of calls (30443); state discoveryPort, the node port of port 8188, too',
    );
    const both = Address.nodePort({ nodes: ['192.0.2.1'], ports: { 15443: 30443, 8188: 30188 } });
    expect(gateways({ address: both, discoveryPort: 30188 })).toBe(
      'MESH1281 ocp/b/federation.a: discoveryPort is 30188, but Address.nodePort states node ports by port; leave discoveryPort out',
    );
    expect(gateways({ address, discoveryPort: 0 })).toContain("MESH1003 ocp/b/federation.a: port '0'");
    const own = (b: Mesh) => ({ address, discoveryPort: 30188, ingress: existing(b) });
    expect(gateways(own)).toBe(
      'MESH1272 ocp/b/federation.a: address and ingress are both stated; state the address of a gateway of your own with it',
    );
  });

  test('face somebody with a name', () => {
    expect(fails(({ b }) => new FederationGateways(b, 'A B'))).toContain("MESH1001 ocp/b: name of the peer 'A B'");
  });
});
