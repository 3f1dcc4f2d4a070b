import { Fleet, Port } from '../../../lib';
import { type WorkloadPolicy, writeWorkloadPolicy } from '../../../lib/peering/ingress/workload-policy';
import { mesh, messageOf } from '../../support/model';

function written(more: Partial<WorkloadPolicy>) {
  const fleet = new Fleet();
  const own = mesh(fleet, 'partner', {}, 'west');
  const service = own.service('httpbin', {
    namespace: 'bar',
    ports: [Port.http(8000, { targetPort: 8080 })],
    subsets: { v1: { version: 'v1' } },
    pods: { run: 'httpbin' },
  });
  const arriving = ['partner.example/ns/gateways/sa/in'];
  writeWorkloadPolicy(own.chart('test'), {
    mesh: own,
    name: 'p',
    service,
    access: [{ kind: 'http' }],
    arriving,
    ...more,
  });
  return fleet.manifests()[0].manifest.spec as {
    selector: { matchLabels: object };
    rules?: { from: { source: { principals: string[] } }[]; to?: object[] }[];
  };
}

test('callers of the own mesh go on calling at this port, and at no other', () => {
  expect(written({ alsoFrom: ['partner.example/ns/a/sa/b'] }).rules).toEqual([
    {
      from: [{ source: { principals: ['partner.example/ns/gateways/sa/in'] } }],
      to: [{ operation: { ports: ['8080'] } }],
    },
    { from: [{ source: { principals: ['partner.example/ns/a/sa/b'] } }], to: [{ operation: { ports: ['8080'] } }] },
  ]);
});

test('a subset has a policy of its own pods: callers of one are none of another', () => {
  expect(written({}).selector.matchLabels).toEqual({ run: 'httpbin' });
  expect(written({ subset: 'v1' }).selector.matchLabels).toEqual({ run: 'httpbin', version: 'v1' });
});

test.each<[unknown, string]>([
  ['cluster.local/ns/bar/*', "MESH1006 alsoFrom of p: identities is 'cluster.local/ns/bar/*', expected a list"],
  [null, 'MESH1006 alsoFrom of p: identities is null, expected a list'],
  [0, 'MESH1006 alsoFrom of p: identities is the number 0, expected a list'],
  [[null], 'MESH1006 Access: identity is null, expected a text'],
  [['*'], "MESH1202 alsoFrom of p: identity '*' is malformed"],
  [[''], "MESH1202 alsoFrom of p: identity '' is malformed"],
  [['spiffe://x/y'], "MESH1202 alsoFrom of p: identity 'spiffe://x/y' is malformed"],
  [[], "MESH1202 Access: an empty list says neither 'all' nor 'none'"],
])('alsoFrom %j, which would open the workload or be dropped, is refused', (alsoFrom, message) => {
  expect(messageOf(() => written({ alsoFrom: alsoFrom as string[] }))).toContain(message);
});

test.each(['a/b', 'other.example/ns/a/sa/b', 'partner.example/a/b', 'partner.example/ns/a/sa/b/c'])(
  'a caller of the own mesh that is none is refused: %s',
  (principal) => {
    expect(messageOf(() => written({ alsoFrom: [principal] }))).toBe(
      `MESH1132 alsoFrom of p: '${principal}' is no identity of west/partner; expected 'partner.example/ns/<namespace>/sa/<service account>' or 'partner.example/ns/<namespace>/*', as mesh.principal('<namespace>/<service account>') gives them`,
    );
  },
);

test.each(['partner.example/*', 'partner.example/ns/a/*', 'partner.example/ns/a/sa/b'])(
  'what mesh.principal() gives is one: %s',
  (principal) => {
    expect(written({ alsoFrom: [principal] }).rules).toHaveLength(2);
  },
);
