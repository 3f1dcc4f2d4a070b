import { Duration } from 'cdk8s';
import { Fleet, Port, Probe, Workload, type WorkloadProps } from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';

type Ports = Port<'http' | 'tls' | 'tcp' | 'grpc'>[];

/** A workload with such probes. */
const workload =
  (props: Partial<WorkloadProps>, ports: Ports = [Port.http(80, { targetPort: 8080 })]) =>
  (fleet: Fleet) => {
    const shop = mesh(fleet, 'shop');
    const service = shop.service('web', { namespace: 'orders', ports });
    new Workload(shop, 'web', { service, image: 'quay.io/example/web:1.0', ...props });
  };

const containerOf = (props: Partial<WorkloadProps>, ports?: Ports) => {
  const { template } = objectsOf(workload(props, ports)).one('Deployment').spec as {
    template: { spec: { containers: object[] } };
  };
  return template.spec.containers[0];
};
const refused = (props: Partial<WorkloadProps>, ports?: Ports) => messageOf(() => workload(props, ports)(new Fleet()));

test('a container has the probes that are stated, of the port of its service', () => {
  const container = containerOf({
    readiness: Probe.http('/ready?full=1', { period: Duration.seconds(5), failures: 2, successes: 2 }),
    liveness: Probe.tcp({ initialDelay: Duration.seconds(0), timeout: Duration.millis(2000) }),
    startup: Probe.http('/started', { port: 9090, scheme: 'HTTPS', failures: 30 }),
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  });
  expect(container).toMatchObject({
    readinessProbe: {
      httpGet: { path: '/ready?full=1', port: 8080 },
      periodSeconds: 5,
      failureThreshold: 2,
      successThreshold: 2,
    },
    livenessProbe: { tcpSocket: { port: 8080 }, initialDelaySeconds: 0, timeoutSeconds: 2 },
    startupProbe: { httpGet: { path: '/started', port: 9090, scheme: 'HTTPS' }, failureThreshold: 30 },
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  });
  expect(containerOf({ readiness: Probe.grpc({ service: 'shop.Orders' }) }, [Port.grpc(9000)])).toMatchObject({
    readinessProbe: { grpc: { port: 9000, service: 'shop.Orders' } },
  });
  expect(containerOf({ readiness: Probe.command(['pg_isready', '-q']) }, [Port.tcp(5432)])).toMatchObject({
    readinessProbe: { exec: { command: ['pg_isready', '-q'] } },
  });
});

test('nothing is probed and nothing asked for that is not stated', () => {
  expect(Object.keys(containerOf({})).sort()).toEqual(['image', 'name', 'ports', 'securityContext']);
});

test.each([
  [
    'a path without slash',
    () => Probe.http('ready'),
    "Probe.http: path 'ready' is malformed; expected one such as '/ready'",
  ],
  ['a path with a blank', () => Probe.http('/a b'), "Probe.http: path '/a b' is malformed"],
  ['no command', () => Probe.command([]), 'Probe.command: command is empty; state a program and its arguments'],
  [
    'parts of seconds',
    () => Probe.tcp({ period: Duration.millis(1500) }),
    'Probe.tcp: period is 1500 ms; expected whole seconds, 1 or more',
  ],
  [
    'no time at all',
    () => Probe.tcp({ timeout: Duration.seconds(0) }),
    'Probe.tcp: timeout is 0 ms; expected whole seconds, 1 or more',
  ],
  ['no failures', () => Probe.grpc({ failures: 0 }), 'Probe.grpc: failures is 0; expected a whole number, 1 or more'],
  ['half a success', () => Probe.grpc({ successes: 0.5 }), 'Probe.grpc: successes is 0.5; expected a whole number'],
])('%s is refused', (_, make, message) => {
  expect(messageOf(make).slice(0, `MESH1168 ${message}`.length)).toBe(`MESH1168 ${message}`);
});

test('a probe that does not fit its workload is refused', () => {
  const where = 'MESH1168 shop-cluster/shop/web: ';
  const two: Ports = [Port.http(80), Port.http(9090, { name: 'http-admin' })];
  expect(refused({ readiness: Probe.http('/') }, two)).toBe(
    `${where}the readiness probe says no port, and the service has several (80, 9090); state port`,
  );
  expect(refused({ liveness: Probe.tcp({ successes: 2 }) })).toBe(
    `${where}the liveness probe states successes 2, which Kubernetes counts for readiness alone; leave it out`,
  );
  expect(refused({ startup: Probe.http('/') }, [Port.tls(8443)])).toBe(
    `${where}the startup probe sends clear requests to port 8443, which carries TLS; state scheme: 'HTTPS', or another port`,
  );
  expect(refused({ resources: { requests: { cpu: 'one' } } })).toMatch(/^MESH1164 shop-cluster\/shop\/web: /);
  expect(messageOf(() => Probe.tcp({ port: 70_000 }))).toMatch(/^MESH1003 Probe\.tcp/);
  // of two ports a command needs none, and each may be named
  expect(containerOf({ liveness: Probe.command(['true']) }, two)).toHaveProperty('livenessProbe.exec');
  expect(containerOf({ liveness: Probe.http('/', { port: 9090 }) }, two)).toHaveProperty('livenessProbe.httpGet');
});
