import { deployment, gatewayDeployment, namespace, planeOf, worldOf } from '../support/world';

const proxiesOf = (yaml: string, revision?: string) =>
  Object.fromEntries(
    planeOf(yaml, revision ? { revision } : {}).mesh.workloads.map(({ name, proxy }) => [name, proxy ?? 'none']),
  );

const labelled = (name: string, labels: string) =>
  `---\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: { ${labels} } }\n`;

const podLabels = (yaml: string, labels: string) => yaml.replace('version: v1', `version: v1, ${labels}`);

describe('injection', () => {
  test('follows the label of the namespace, and the wish of the pod against it', () => {
    const out = podLabels(deployment('in/out'), 'sidecar.istio.io/inject: "false"');
    expect(proxiesOf(namespace('in') + deployment('in/web') + out)).toEqual({ web: 'sidecar', out: 'none' });
  });

  test('a pod may ask for itself, unless its namespace forbids it', () => {
    const asks = (id: string) => podLabels(deployment(id), 'sidecar.istio.io/inject: "true"');
    const yaml =
      labelled('closed', 'istio-injection: disabled') +
      asks('plain/asks') +
      asks('closed/denied') +
      deployment('plain/web');
    expect(proxiesOf(yaml)).toEqual({ asks: 'sidecar', denied: 'none', web: 'none' });
  });

  test('a revision takes namespaces and pods of its name', () => {
    const yaml = labelled('a', 'istio.io/rev: canary') + deployment('a/web') + namespace('b') + deployment('b/other');
    expect(proxiesOf(yaml, 'canary')).toEqual({ web: 'sidecar', other: 'none' });
  });

  test('pods in the network of their node get no proxy', () => {
    const host = deployment('in/host').replace('serviceAccountName', 'hostNetwork: true\n      serviceAccountName');
    expect(proxiesOf(namespace('in') + host)).toEqual({ host: 'none' });
  });

  test('a template makes a gateway, a router of its own needs no injection', () => {
    const router = deployment('plain/router').replace(
      'name: app, image: example/web',
      'name: istio-proxy, args: [proxy, router]',
    );
    expect(proxiesOf(gatewayDeployment('gw/ingress', 'ingress') + router)).toEqual({
      ingress: 'gateway',
      router: 'gateway',
    });
  });

  test('an injected sidecar says that it takes mTLS', () => {
    const { mesh } = planeOf(namespace('in') + deployment('in/web') + deployment('out/web'));
    expect(mesh.workloads.map(({ labels }) => labels['security.istio.io/tlsMode'])).toEqual(['istio', undefined]);
  });

  test('the pod overrides the mesh in what the proxy is told', () => {
    const own = deployment('in/own').replace(
      'metadata: { labels: {',
      `metadata: { annotations: { proxy.istio.io/config: '{"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": "false"}}' }, labels: {`,
    );
    const meshConfig = { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } };
    const { mesh } = planeOf(namespace('in') + deployment('in/web') + own, { meshConfig });
    expect(mesh.workloads.map(({ dnsCapture }) => dnsCapture)).toEqual([true, false]);
  });

  test('files of a Secret reach the proxy by annotations, too', () => {
    const own = deployment('in/own').replace(
      'metadata: { labels: {',
      `metadata: { annotations: { sidecar.istio.io/userVolume: '{"certs": {"secret": {"secretName": "mine"}}}', sidecar.istio.io/userVolumeMount: '[{"name": "certs", "mountPath": "/etc/certs/"}]' }, labels: {`,
    );
    const { mesh } = planeOf(namespace('in') + own);
    expect(mesh.workloads[0].proxyMounts).toEqual([{ path: '/etc/certs', secret: 'mine' }]);
  });
});

test('a workload scaled to nothing is none', () => {
  const none = deployment('in/web').replace('spec:\n', 'spec:\n  replicas: 0\n');
  expect(planeOf(none).mesh.workloads).toEqual([]);
});

test('Services of the control plane are part of every mesh, once', () => {
  const istiod = `---\napiVersion: v1\nkind: Service\nmetadata: { name: istiod, namespace: istio-system }\nspec: { ports: [{ name: https-dns, port: 15012 }] }\n`;
  const hosts = (yaml: string) =>
    planeOf(yaml)
      .mesh.kind('Service')
      .map(({ name }) => name);
  expect(hosts('')).toEqual(['kubernetes', 'istiod']);
  expect(hosts(istiod)).toEqual(['istiod', 'kubernetes']);
});

describe('addresses', () => {
  const balancer = (more: string) =>
    `---\napiVersion: v1\nkind: Service\nmetadata: { name: gw, namespace: a }\nspec: { type: LoadBalancer, ports: [{ port: 443 }]${more} }\n`;

  test('of a load balancer are what the Service asks for, what its status says, or a fact', () => {
    expect(worldOf({ c1: balancer(', loadBalancerIP: 10.1.1.1') }).ownerOf('10.1.1.1')?.kind).toBe('service');
    const status = `${balancer('')}status: { loadBalancer: { ingress: [{ ip: 10.2.2.2 }] } }\n`;
    expect(worldOf({ c1: status }).ownerOf('10.2.2.2')?.kind).toBe('service');
    const stated = worldOf({ c1: balancer('') }, { loadBalancers: { 'c1/a/gw': ['10.3.3.3'] } });
    expect(stated.ownerOf('10.3.3.3')?.kind).toBe('service');
  });

  test('that a cluster will choose itself are symbols, of which no two are equal', () => {
    const many = Array.from({ length: 300 }, (_, index) => balancer('').replace('name: gw', `name: gw${index}`)).join(
      '',
    );
    const world = worldOf({ c1: many, c2: many });
    const all = [...world.meshes.values()].flatMap((mesh) =>
      mesh.kind('Service').map((one) => mesh.serviceAddress(one)),
    );
    expect(new Set(all).size).toBe(all.length);
  });
});
