import { ApiObject } from 'cdk8s';
import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../../lib';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';

// GIVEN a service of which one peering allows GET of some paths, and policies of somebody else beside it

function findings(own: (west: Mesh) => void, allow = [Access.http({ methods: ['GET'], paths: ['/v1/*'] })]) {
  const fleet = new Fleet({ print: () => {} });
  const mesh = (name: string) => {
    const controlPlane = ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' });
    const trustDomain = `${name}.example.com`;
    const made = new Mesh(new Cluster(fleet, name), name, { platform: Istio.v1_31(), controlPlane, trustDomain });
    for (const one of ['apps', 'gateways']) made.namespace(one, { create: true });
    return made;
  };
  const [east, west] = ['east', 'west'].map(mesh);
  const signer = TrustBundle.declared('corp');
  const identity = Identity.spiffe('east.example.com/ns/gateways/sa/egress');
  const address = Address.hostname('in.west.example.com');
  const peering = new EgressGatewayPeering(fleet, 'p', {
    consumer: east,
    provider: west,
    egress: new Gateway(east, 'egress', { kind: 'egress', namespace: 'gateways' }),
    ingress: new Gateway(west, 'ingress', { kind: 'ingress', namespace: 'gateways', address }),
    tls: PeeringTls.mutual({
      client: Credential.secret('c', { identity, signer }),
      server: Credential.secret('s', { identity: Identity.dns('in.west.example.com'), signer }),
    }),
    callers: Callers.namespaces('apps'),
  });
  const service = west.service('rates', { namespace: 'apps', ports: [Port.http(8000)] });
  peering.expose(service, { host: 'rates.west.example.com', allow });
  own(west);
  const { findings, proof } = judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included: [] });
  return { calls: proof?.calls, told: findings.filter(({ severity }) => severity === 'error') };
}

const GATEWAY = { gateways: { istio: 'ingress' } };
const BOTH = { ...GATEWAY, apps: { app: 'rates' } };

function allows(mesh: Mesh, operation: object, places: Partial<typeof BOTH> = BOTH): void {
  for (const [namespace, matchLabels] of Object.entries(places)) {
    new ApiObject(mesh.chart(`own-${namespace}`), 'allow', {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'own', namespace },
      spec: { selector: { matchLabels }, rules: [{ to: [{ operation }] }] },
    });
  }
}

test.each([
  [{ methods: ['DELETE'] }, 'DELETE http://rates.west.example.com:80/v1/multimesh-call'],
  [{ paths: ['/admin/*'] }, 'GET http://rates.west.example.com:80/admin/multimesh-call'],
  [{ paths: ['/metrics'] }, 'GET http://rates.west.example.com:80/metrics'],
])('what policies open to everybody with %j is called, and found', (operation, call) => {
  const { told } = findings((west) => allows(west, operation));
  expect(told.map(({ code }) => code)).toContain('MESH3101');
  expect(told.map(({ message }) => message).join('\n')).toContain(
    `${call} from east/apps/caller-0-as-default must not reach west/apps/rates (a policy names it, and no access rule allows it)`,
  );
});

test.each([
  ['another host', { methods: ['DELETE'], hosts: ['other.example.com'] }],
  ['what the statement allows', { methods: ['GET'], paths: ['/v1/rates'] }],
])('nothing more is called where a policy is about %s', (_, operation) => {
  const usual = findings(() => {});
  expect(usual.told).toEqual([]);
  expect(findings((west) => allows(west, operation, GATEWAY))).toEqual(usual);
});
