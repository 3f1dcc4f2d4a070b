import { ApiObject, JsonPatch } from 'cdk8s';
import {
  Access,
  Cluster,
  ControlPlane,
  DirectPeering,
  Fleet,
  Gateway,
  Istio,
  Mesh,
  PeeringTls,
  Port,
} from '../../../lib';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';

/** Meshes in a ring, each of which calls some services of the next. */
function ring(clusters: number, exposures: number): Fleet {
  const fleet = new Fleet({ print: () => {} });
  const places = Array.from({ length: clusters }, (_, index) => {
    const mesh = new Mesh(new Cluster(fleet, `cluster-${index}`), `mesh-${index}`, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system'),
    });
    mesh.namespace('shop');
    const ingress = new Gateway(mesh, 'public', { kind: 'ingress', namespace: 'gateways' });
    return { mesh, ingress };
  });
  for (const [index, { mesh: consumer }] of places.entries()) {
    const { mesh: provider, ingress } = places[(index + 1) % clusters];
    const tls = PeeringTls.plain();
    const peering = new DirectPeering(fleet, `from-${index}`, { consumer, provider, ingress, tls });
    for (let number = 0; number < exposures; number++) {
      peering.expose(provider.service(`stock-${number}`, { namespace: 'stock', ports: [Port.http(8080)] }), {
        host: `stock-${number}.${provider.name}.example`,
        allow: [Access.http({ methods: ['GET'], paths: ['/items/*'] })],
      });
    }
  }
  return fleet;
}

const verdictOn = (fleet: Fleet) => judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included: [] });

test('clusters are modelled some at a time, and one that is wrong is found among all', () => {
  const fleet = ring(70, 1);
  const objects = fleet.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
  const gateway = objects.find(({ kind, chart }) => kind === 'Gateway' && chart.node.path.startsWith('cluster-65/'));
  gateway?.addJsonPatch(JsonPatch.replace('/spec/servers/0/hosts/0', 'other.example'));
  const { findings, proof } = verdictOn(fleet);
  expect(proof).toEqual({ calls: 210, exposures: 70, left: 0, doubtful: 0, unjudged: [] });
  expect(findings.map(({ code, message }) => [code, message.slice(0, 18)])).toEqual([
    ['MESH3100', 'peering from-64, s'],
  ]);
});

test('of very many exposures one of each peering is traced', () => {
  const { findings, proof } = verdictOn(ring(40, 17));
  expect(findings).toEqual([]);
  expect(proof).toEqual({ calls: 120, exposures: 40, left: 640, doubtful: 0, unjudged: [] });
});
