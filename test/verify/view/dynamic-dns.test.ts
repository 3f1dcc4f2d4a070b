import { describeOutcome } from '../../../lib/verify/run/outcome';
import { trace } from '../../../lib/verify/trace';
import type { OutboundTrafficPolicy } from '../../../lib/verify/world/istio-types';
import {
  deployment,
  gatewayDeployment,
  istio,
  namespace,
  planeOf,
  service,
  workloadOf,
  worldOf,
} from '../support/world';

// hosts that nobody knows, which sidecars ask DNS for: as real ones did, testbed/scenarios/testbed-unknown-hosts.ts
const base =
  namespace('a') +
  deployment('a/client', 'sleep') +
  deployment('net/red') +
  service('net/red', '{ name: http, port: 80, targetPort: 8080 }') +
  deployment('net/blue') +
  service('net/blue', '{ name: http, port: 80, targetPort: 8080 }');

function called(url: string, more: object = {}, policy: Partial<OutboundTrafficPolicy> = {}, yaml = '') {
  const outboundTrafficPolicy = { mode: 'ALLOW_ANY_DYNAMIC_DNS' as const, ...policy };
  const world = worldOf(
    { c1: base + yaml },
    {
      meshes: { c1: { meshConfig: { outboundTrafficPolicy } } },
      dns: { c1: { 'red.example': 'red.net.svc.cluster.local', 'blue.example': 'blue.net.svc.cluster.local' } },
    },
  );
  const { outcome, ways, unmodelled } = trace(world, { from: 'c1/a/client', url, ...more });
  const { cluster, flag, sent } = ways[0].hops[0];
  return { is: describeOutcome(outcome), by: outcome.served?.workload, cluster, flag, sent, unmodelled };
}

test('a request goes to the host that it names, whatever was dialled', () => {
  const found = called('http://red.example/');
  expect(found).toMatchObject({ is: '200', by: 'c1/net/red', cluster: 'AllowAnyDynamicDNSCluster', unmodelled: [] });
  expect(called('http://red.example/', { headers: { host: 'blue.example' } }).by).toBe('c1/net/blue');
  expect(called('http://red.example/', { headers: { host: 'blue.example' } }, { mode: 'ALLOW_ANY' }).by).toBe(
    'c1/net/red',
  );
});

test('also at a port that no service has', () => {
  const yaml = service('net/odd', '{ name: http, port: 9999, targetPort: 8080 }').replace('app: odd', 'app: blue');
  const without = called('http://odd.net.svc.cluster.local:81/', {}, {}, yaml);
  expect(without.cluster).toBe('AllowAnyDynamicDNSCluster');
});

test('a host that DNS does not know: DF', () => {
  expect(called('http://red.example/', { headers: { host: 'no.example' } })).toMatchObject({ is: '503', flag: 'DF' });
});

test('what is no clear HTTP goes where it was dialled', () => {
  expect(called('tcp://red.example:80').cluster).toBe('PassthroughCluster');
  expect(called('https://red.example:80/', { sni: 'blue.example' }).cluster).toBe('PassthroughCluster');
});

test('TLS that is stated for all of them asks for the name of each', () => {
  const tls = { mode: 'SIMPLE' } as const;
  expect(called('http://red.example/', {}, { tls }).sent).toMatchObject({
    tls: 'SIMPLE',
    sni: 'red.example',
    expects: ['red.example'],
  });
  const loose = called('http://red.example/', {}, { tls: { ...tls, sni: 'x.example', insecureSkipVerify: true } }).sent;
  expect(loose).toMatchObject({ sni: 'x.example', isUnverified: true });
  expect(called('http://red.example/', {}, { tls: { mode: 'DISABLE' } }).sent).toMatchObject({ tls: 'clear' });
  const mutual = { mode: 'MUTUAL', clientCertificate: '/c/tls.crt', privateKey: '/c/tls.key' } as const;
  expect(called('http://red.example/', {}, { tls: mutual })).toMatchObject({ is: '503', flag: 'UF' });
});

test('it is no cluster of a gateway, nor of another mode', () => {
  const mode = (one: 'ALLOW_ANY' | 'ALLOW_ANY_DYNAMIC_DNS') => ({
    meshConfig: { outboundTrafficPolicy: { mode: one } },
  });
  const yaml = base + namespace('gw') + gatewayDeployment('gw/in', 'in');
  const cluster = (one: Parameters<typeof mode>[0], id: string) => {
    const plane = planeOf(yaml, mode(one));
    return plane.proxy(workloadOf(plane, id)).cluster('AllowAnyDynamicDNSCluster')?.type;
  };
  expect(cluster('ALLOW_ANY_DYNAMIC_DNS', 'a/client')).toBe('DYNAMIC');
  expect(cluster('ALLOW_ANY_DYNAMIC_DNS', 'gw/in')).toBeUndefined();
  expect(cluster('ALLOW_ANY', 'a/client')).toBeUndefined();
});

test('of two ServiceEntries of one host the second makes one that Envoy refuses, where the first is resolved round robin', () => {
  const entry = (name: string, resolution: string, created: string) =>
    istio(
      'ServiceEntry',
      `a/${name}`,
      `hosts: [x.example]\nports: [{ number: 80, name: http, protocol: HTTP }]\nresolution: ${resolution}\nendpoints: [{ address: red.example }]`,
      `, creationTimestamp: ${created}`,
    );
  const one = entry('one', 'DNS_ROUND_ROBIN', '2026-01-01T00:00:00Z');
  const two = entry('two', 'DNS', '2026-01-02T00:00:00Z');
  const made = (yaml: string) => called('http://red.example/', { headers: { host: 'x.example' } }, {}, yaml);
  expect(made(one)).toMatchObject({ is: '200', by: 'c1/net/red' });
  expect(made(one + two)).toMatchObject({ is: '503', flag: 'NC' });
});
