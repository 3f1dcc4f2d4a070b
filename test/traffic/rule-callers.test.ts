import {
  Access,
  Callers,
  type DirectCallers,
  DirectPeering,
  External,
  type Fleet,
  type Http,
  PeeringTls,
  Port,
  Routing,
  Rule,
} from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';

// GIVEN servers that some workloads of a mesh may call, and an alias that all of its workloads know

function parts(fleet: Fleet) {
  const consumer = mesh(fleet, 'agency', {}, 'east');
  const local = consumer.service('insurances', { namespace: 'travel', ports: [Port.http(8000)] });
  const remote = (id: string, callers?: DirectCallers) => {
    const provider = External.server({ host: `${id}.partner.example`, ports: [Port.http(80)] });
    return new DirectPeering(fleet, id, { consumer, provider, tls: PeeringTls.plain(), callers }).expose(provider, {
      host: provider.host,
      allow: [Access.http()],
    });
  };
  return { consumer, local, remote };
}

/** Matches of each rule, and hosts that it leads to. */
function routed(rules: (all: ReturnType<typeof parts>) => Rule<Http>[]) {
  const objects = objectsOf((fleet) => {
    const all = parts(fleet);
    new Routing(all.consumer, 'premium', { host: all.local, rules: rules(all) });
  });
  const [virtualService] = objects.find('VirtualService');
  const { http } = virtualService.spec as {
    http: { match?: object[]; route?: { destination: { host: string } }[]; directResponse?: object }[];
  };
  return http.map(({ match, route, directResponse }) => ({
    match,
    to: route?.map(({ destination }) => destination.host.split('.')[0]) ?? directResponse,
  }));
}

const travels = Callers.workload({ namespace: 'travel', labels: { app: 'travels' }, serviceAccounts: ['travels'] });

test('a rule is about the workloads that its exposure is for; others fall through to the next one', () => {
  expect(
    routed(({ local, remote }) => [
      Rule.paths(['/London', '/Rome/*']).to(remote('a', Callers.namespaces('travel', 'cars'))),
      Rule.paths(['/London']).to(remote('b', travels)),
      Rule.otherwise().to(remote('c', Callers.namespaces('cars'))),
      Rule.otherwise().to(local),
    ]),
  ).toEqual([
    {
      match: [
        { uri: { exact: '/London' }, sourceNamespace: 'cars' },
        { uri: { exact: '/London' }, sourceNamespace: 'travel' },
        { uri: { prefix: '/Rome/' }, sourceNamespace: 'cars' },
        { uri: { prefix: '/Rome/' }, sourceNamespace: 'travel' },
      ],
      to: ['a'],
    },
    { match: [{ uri: { exact: '/London' }, sourceNamespace: 'travel', sourceLabels: { app: 'travels' } }], to: ['b'] },
    { match: [{ sourceNamespace: 'cars' }], to: ['c'] },
    { match: undefined, to: ['insurances'] },
  ]);
});

test('in a split only those are led there whom all destinations are for', () => {
  expect(
    routed(({ local, remote }) => [
      Rule.otherwise().to(
        { weight: 30, to: remote('a', Callers.namespaces('travel', 'cars')) },
        { weight: 30, to: remote('b', travels) },
        { weight: 40, to: local },
      ),
    ]),
  ).toEqual([
    { match: [{ sourceNamespace: 'travel', sourceLabels: { app: 'travels' } }], to: ['a', 'b', 'insurances'] },
  ]);
});

test('a split that nobody could use is refused', () => {
  const message = messageOf(() =>
    routed(({ remote }) => [
      Rule.paths(['/a']).to(
        { weight: 50, to: remote('a', Callers.namespaces('cars')) },
        { weight: 50, to: remote('b', travels) },
      ),
    ]),
  );
  expect(message).toBe(
    "MESH1307 east/agency/premium: a rule for '/a' leads to destinations that have no caller in common (a.partner.example, b.partner.example); split it, or let the peerings have the same callers",
  );
  const cars = Callers.workload({ namespace: 'travel', labels: { app: 'cars' }, serviceAccounts: ['cars'] });
  expect(
    messageOf(() =>
      routed(({ remote }) => [
        Rule.otherwise().to({ weight: 50, to: remote('a', cars) }, { weight: 50, to: remote('b', travels) }),
      ]),
    ),
  ).toContain('MESH1307 east/agency/premium: a rule for every call leads to');
});

test('a rule without limits still hides what stands behind it', () => {
  const message = messageOf(() =>
    routed(({ local, remote }) => [Rule.paths(['/a/*']).to(remote('a')), Rule.paths(['/a/b']).to(local)]),
  );
  expect(message).toContain("MESH1301 east/agency/premium: the rule for '/a/b' is never reached: the one for '/a/*'");
});

test('calls are denied on purpose, with 403', () => {
  expect(
    routed(({ local }) => [Rule.paths(['/a']).to(local), Rule.paths(['/b', '/c/*']).deny(), Rule.otherwise().deny()]),
  ).toEqual([
    { match: [{ uri: { exact: '/a' } }], to: ['insurances'] },
    { match: [{ uri: { exact: '/b' } }, { uri: { prefix: '/c/' } }], to: { status: 403 } },
    { match: undefined, to: { status: 403 } },
  ]);
});
