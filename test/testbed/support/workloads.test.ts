import { caller, meshed, server } from '../../../testbed/support/workloads';

test('a namespace whose pods get a sidecar', () => {
  expect(meshed('app').metadata).toEqual({ name: 'app', labels: { 'istio-injection': 'enabled' } });
});

test('a caller has an account of its own name, or of another, and no port', () => {
  const [account, deployment] = caller('app', 'sleep');
  expect(account).toMatchObject({ kind: 'ServiceAccount', metadata: { name: 'sleep', namespace: 'app' } });
  expect(deployment).toMatchObject({
    metadata: { name: 'sleep', namespace: 'app' },
    spec: { template: { spec: { serviceAccountName: 'sleep', containers: [{ name: 'sleep', image: 'bed/sleep' }] } } },
  });
  expect(deployment).not.toHaveProperty('spec.template.spec.containers[0].ports');
  expect(caller('app', 'a', 'b')[0].metadata.name).toBe('b');
});

test('a server has a Service whose ports lead to those of the container, each once', () => {
  const [service, , deployment] = server('app', 'web', { ports: { http: [80, 8080], admin: [81, 8080], tcp: 9000 } });
  expect(service.spec).toEqual({
    selector: { app: 'web' },
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'admin', port: 81, targetPort: 8080 },
      { name: 'tcp', port: 9000, targetPort: 9000 },
    ],
  });
  expect(deployment).toHaveProperty('spec.template.spec.containers[0].ports', [
    { containerPort: 8080 },
    { containerPort: 9000 },
  ]);
});

test('a server of another version is another Deployment of the same Service', () => {
  const [service, account, deployment] = server('app', 'web', {
    ...{ ports: { http: 80 }, version: 'v2', certificate: 'web-server', image: 'bed/nginx', labels: { tier: 'a' } },
  });
  expect([service.metadata.name, account.metadata.name, deployment.metadata.name]).toEqual(['web', 'web', 'web-v2']);
  expect(deployment.spec).toMatchObject({
    selector: { matchLabels: { app: 'web', version: 'v2' } },
    template: {
      metadata: { labels: { app: 'web', version: 'v2', tier: 'a' } },
      spec: {
        containers: [{ image: 'bed/nginx', volumeMounts: [{ mountPath: '/etc/certs' }] }],
        volumes: [{ secret: { secretName: 'web-server' } }],
      },
    },
  });
});
