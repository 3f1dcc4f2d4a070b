import { trace } from '../../../lib/verify/trace';
import { deployment, istio, namespace, planeOf, service, worldOf } from '../support/world';

const gateway = (listeners: string, className = 'istio') => `
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: east, namespace: istio-system }
spec: { gatewayClassName: ${className}, listeners: [${listeners}] }
`;
const PASSING =
  '{ name: cross, port: 15443, protocol: TLS, hostname: "*.svc.cluster.local", tls: { mode: Passthrough, options: { gateway.istio.io/listener-protocol: auto-passthrough } } }';
const WEB = '{ name: web, port: 80, protocol: HTTP }';

const http = '{ name: http, port: 80, targetPort: 8080 }';
const workload = namespace('b') + deployment('b/web') + service('b/web', http) + deployment('out/curl', 'sleep');
const facts = {
  loadBalancers: { 'c1/istio-system/east-istio': ['10.0.0.9'] },
  certificates: [{ name: 'me', ca: 'root of c1', san: ['URI:spiffe://cluster.local/ns/x/sa/y'] }],
};
const made = (yaml: string) =>
  trace(worldOf({ c1: workload + yaml }, facts), {
    from: 'c1/out/curl',
    url: 'https://10.0.0.9:15443/',
    as: 'me',
    sni: 'outbound_.80_._.web.b.svc.cluster.local',
    alpn: ['istio'],
  });

test('istiod deploys a gateway for one of its class, unless a dump has it', () => {
  const names = (yaml: string) => planeOf(yaml).mesh.workloads.map(({ namespace: of, name }) => `${of}/${name}`);
  expect(names(gateway(WEB))).toEqual(['istio-system/east-istio']);
  expect(names(gateway(WEB, 'other'))).toEqual([]);
  expect(names(gateway(WEB) + deployment('istio-system/east-istio'))).toEqual(['istio-system/east-istio']);
});

test('a listener passes calls on to the service that their SNI names', () => {
  const { outcome, unmodelled } = made(gateway(PASSING));
  expect([outcome.served?.workload, unmodelled]).toEqual(['c1/b/web', []]);
});

test('other listeners are not modelled', () => {
  const { unmodelled } = made(gateway(`${PASSING}, ${WEB}`));
  expect(unmodelled.map(({ object }) => object)).toEqual(['Gateway istio-system/east @c1']);
});

test('a Gateway of Istio that selects it stands beside its listeners', () => {
  const own = istio(
    'Gateway',
    'istio-system/own',
    'selector: { gateway.networking.k8s.io/gateway-name: east }\nservers: [{ port: { number: 15444, name: tls, protocol: TLS }, hosts: ["*"], tls: { mode: AUTO_PASSTHROUGH } }]',
  );
  expect(made(gateway(PASSING) + own).outcome.served?.workload).toBe('c1/b/web');
});
