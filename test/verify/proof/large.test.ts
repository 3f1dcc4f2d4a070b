import { ApiObject, JsonPatch } from 'cdk8s';
import type { Fleet } from '../../../lib';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { ring } from '../../support/ring';

const verdictOn = (fleet: Fleet) => judgeFleet({ manifests: fleet.manifests(), facts: fleet.facts(), included: [] });

test('clusters are modelled some at a time, and one that is wrong is found among all', () => {
  const fleet = ring(70, 1);
  const objects = fleet.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
  const gateway = objects.find(({ kind, chart }) => kind === 'Gateway' && chart.node.path.startsWith('cluster-65/'));
  gateway?.addJsonPatch(JsonPatch.replace('/spec/servers/0/hosts/0', 'other.example'));
  const { findings, proof } = verdictOn(fleet);
  expect(proof).toEqual({ calls: 210, exposures: 70, left: 0, doubtful: 0, unmodelled: [], unjudged: [] });
  expect(findings.map(({ code, message }) => [code, message.slice(0, 18)])).toEqual([
    ['MESH3100', 'peering from-64, s'],
  ]);
});

test('of very many exposures one of each peering is traced', () => {
  const { findings, proof } = verdictOn(ring(40, 17));
  expect(findings).toEqual([]);
  expect(proof).toEqual({ calls: 120, exposures: 40, left: 640, doubtful: 0, unmodelled: [], unjudged: [] });
});
