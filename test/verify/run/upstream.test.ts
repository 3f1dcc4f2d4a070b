import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import { deployment, gatewayDeployment, istio, namespace, service, worldOf } from '../support/world';

// TLS that a gateway opens, and whose bytes it leads on
const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  deployment('out/curl', 'sleep') +
  deployment('out/web') +
  service('out/web', '{ name: http, port: 80, targetPort: 8080 }') +
  service('out/nobody', '{ name: http, port: 80, targetPort: 8080 }') +
  namespace('gw') +
  gatewayDeployment('gw/in', 'in') +
  service('gw/in', '{ name: tls, port: 443, targetPort: 443 }').replace('app: in', 'istio: in') +
  istio(
    'Gateway',
    'gw/g',
    'selector: { istio: in }\nservers: [{ port: { number: 443, name: t, protocol: TLS }, hosts: [x.example], tls: { mode: SIMPLE, credentialName: c } }]',
  ) +
  istio(
    'ServiceEntry',
    'a/x',
    'hosts: [x.example]\nports: [{ number: 80, targetPort: 443, name: http, protocol: HTTP }]\nresolution: DNS\nendpoints: [{ address: in.gw.svc.cluster.local }]',
  ) +
  istio(
    'DestinationRule',
    'a/x',
    'host: x.example\ntrafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: true } }',
  );

const DENY = istio('AuthorizationPolicy', 'gw/deny', 'action: DENY\nrules: [{}]');

function said(destination: string, call: object, more = '', mode = 'SIMPLE'): string {
  const yaml = istio(
    'VirtualService',
    'gw/v',
    `hosts: [x.example]\ngateways: [gw/g]\ntcp: [{ route: [{ destination: { ${destination} } }] }]`,
  );
  const world = worldOf(
    { c1: base.replace('mode: SIMPLE, credentialName', `mode: ${mode}, credentialName`) + yaml + more },
    { dns: { c1: { 'x.example': 'in.gw.svc.cluster.local' } } },
  );
  const { outcome, ways } = trace(world, { from: 'c1/out/curl', url: 'https://x.example/', ...call });
  const last = ways[0].hops.filter(({ failure }) => failure).pop()?.failure?.code;
  return [describeOutcome(outcome), ...ways[0].hops.map(({ flag }) => flag), last].filter((one) => one).join(' ');
}

const SIDECAR = { from: 'c1/a/client', url: 'http://x.example/' };
const WEB = 'host: web.out.svc.cluster.local, port: { number: 80 }';
const GONE = 'host: web.out.svc.cluster.local, port: { number: 81 }';
const EMPTY = 'host: nobody.out.svc.cluster.local, port: { number: 80 }';

// as real proxies did: testbed/scenarios/testbed-tls.ts
test.each([
  ['leads somewhere', WEB, '200', '200'],
  ['has no cluster', GONE, 'curl 35 NC MESH-T404', '503 UF NC MESH-T404'],
  ['has no endpoint', EMPTY, 'curl 35 UH MESH-T405', '503 UF UH MESH-T405'],
])('TLS that %s', (_, destination, direct, sidecar) => {
  expect([said(destination, {}), said(destination, SIDECAR)]).toEqual([direct, sidecar]);
});

test('nobody looks at the certificate of a client whose bytes have nowhere to go', () => {
  const mutual = (destination: string) => said(destination, {}, '', 'MUTUAL');
  expect([mutual(WEB), mutual(GONE)]).toEqual(['curl 56 MESH-T207', 'curl 35 NC MESH-T404']);
});

test('a policy denies what has somewhere to go when its first byte comes: the TLS stands then', () => {
  expect([said(WEB, {}, DENY), said(WEB, SIDECAR, DENY)]).toEqual(['curl 52 MESH-T301', '503 UC MESH-T301']);
});

test('what has nowhere to go is closed before a policy is asked', () => {
  expect([said(GONE, {}, DENY), said(EMPTY, SIDECAR, DENY)]).toEqual(['curl 35 NC MESH-T404', '503 UF UH MESH-T405']);
});

describe('outlier detection', () => {
  /** A call of a pod that does not open the TLS which the rule makes callers send. */
  const traced = (policy: string, destination = 'web.out.svc.cluster.local') =>
    trace(
      worldOf({
        c1: base + istio('DestinationRule', 'a/web', `host: ${destination}\ntrafficPolicy: { ${policy} }`),
      }),
      { from: 'c1/a/client', url: 'http://web.out/' },
    );
  const TLS = 'tls: { mode: SIMPLE, insecureSkipVerify: true }';
  const assumed =
    'no endpoint of outbound|80||web.out.svc.cluster.local is ejected: after some failed calls outlier detection may make it 503 UH';

  test('that ejects all endpoints makes UF to UH: a trace says so', () => {
    const { outcome, ways, assumptions } = traced(`outlierDetection: {}, ${TLS}`);
    expect(outcome.code).toBe(503);
    expect(ways[0].hops[0]).toMatchObject({ flag: 'UF', onceEjected: 'UH' });
    expect(assumptions).toContain(assumed);
  });

  test('says nothing of calls that are answered, nor does another rule', () => {
    for (const policy of ['outlierDetection: {}', TLS]) {
      const { ways, assumptions } = traced(policy);
      expect(ways[0].hops[0].onceEjected).toBeUndefined();
      expect(assumptions).not.toContain(assumed);
    }
  });
});
