import { Cluster, ControlPlane, Istio, Mesh, MtlsPolicy, Ossm, Port, Routing, Rule } from '../../lib';
import { Manifests, Testing } from '../../lib/testing';

type Props = ConstructorParameters<typeof MtlsPolicy>[2];

function istioMesh(controlPlane = ControlPlane.existing('istio-system')) {
  const fleet = Testing.fleet();
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', { platform: Istio.v1_31(), controlPlane });
  mesh.namespace('server');
  return { mesh, manifests: () => Manifests.of(fleet).cluster('c1') };
}

function ossmMesh(mtls = true) {
  const fleet = Testing.fleet();
  const controlPlane = ControlPlane.smcp('m-system', { mtls });
  const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', { platform: Ossm.v2_6(), controlPlane });
  mesh.namespace('server');
  return { mesh, manifests: () => Manifests.of(fleet).cluster('c1') };
}

const http = (name: string, mesh: Mesh, ports = [Port.http(80, { targetPort: 8080 })]) =>
  mesh.service(name, { namespace: 'server', ports, subsets: { v1: { version: 'v1' } } });

describe('what a policy writes', () => {
  test('for the whole mesh: the object that Istio takes for it, in the namespace of the control plane', () => {
    // GIVEN
    const { mesh, manifests } = istioMesh();
    // WHEN
    new MtlsPolicy(mesh, 'all', { mode: 'STRICT' });
    // THEN
    const policy = manifests().one('PeerAuthentication', 'istio-system/default');
    expect(policy).toMatchObject({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'istio-system' },
      spec: { mtls: { mode: 'STRICT' } },
    });
    expect(manifests().find('DestinationRule')).toEqual([]);
  });

  test('for a namespace: named default there, v1beta1 on OpenShift Service Mesh 2.6', () => {
    // GIVEN
    const { mesh, manifests } = ossmMesh();
    // WHEN
    new MtlsPolicy(mesh, 'legacy', { mode: 'PERMISSIVE', namespace: 'server' });
    // THEN
    manifests().has('PeerAuthentication', 'server/default', {
      apiVersion: 'security.istio.io/v1beta1',
      spec: { selector: undefined, mtls: { mode: 'PERMISSIVE' } },
    });
    expect(manifests().find('DestinationRule')).toEqual([]);
  });

  test('for a service: the pods of its workloads, and modes of their ports', () => {
    // GIVEN
    const { mesh, manifests } = istioMesh();
    // WHEN
    new MtlsPolicy(mesh, 'web-mode', { mode: 'STRICT', service: http('web', mesh), ports: { 8080: 'DISABLE' } });
    // THEN
    manifests().has('PeerAuthentication', 'server/web-mode', {
      spec: {
        selector: { matchLabels: { app: 'web' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { '8080': { mode: 'DISABLE' } },
      },
    });
    // automatic mTLS notices by itself
    expect(manifests().find('DestinationRule')).toEqual([]);
  });

  test('for workloads by labels', () => {
    // GIVEN
    const { mesh, manifests } = istioMesh();
    // WHEN
    new MtlsPolicy(mesh, 'old', {
      mode: 'DISABLE',
      namespace: 'server',
      workload: { 'app.kubernetes.io/name': 'old' },
    });
    // THEN
    manifests().has('PeerAuthentication', 'server/old', {
      spec: { selector: { matchLabels: { 'app.kubernetes.io/name': 'old' } } },
    });
  });
});

describe('callers under the mesh-wide rule of OpenShift Service Mesh 2', () => {
  test('are told that a workload takes clear text, in the one rule that also has its subsets', () => {
    // GIVEN
    const { mesh, manifests } = ossmMesh();
    const web = http('web', mesh);
    // WHEN
    new Routing(mesh, 'web-routes', { host: web, rules: [Rule.otherwise().to(web.subset('v1'))] });
    new MtlsPolicy(mesh, 'web-mode', { mode: 'DISABLE', service: web });
    // THEN
    expect(manifests().find('DestinationRule')).toHaveLength(1);
    expect(manifests().one<{ spec: object }>('DestinationRule', 'server/web').spec).toEqual({
      host: 'web.server.svc.cluster.local',
      trafficPolicy: { tls: { mode: 'DISABLE' } },
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    });
  });

  test('are told so by port of the Service, where the policy is about a port of the workload', () => {
    // GIVEN
    const { mesh, manifests } = ossmMesh();
    const service = mesh.service('web', {
      namespace: 'server',
      ports: [Port.http(80, { targetPort: 8080 }), Port.http(81, { name: 'http-admin', targetPort: 9090 })],
    });
    // WHEN
    new MtlsPolicy(mesh, 'web-mode', { mode: 'STRICT', service, ports: { 9090: 'DISABLE', 8080: 'PERMISSIVE' } });
    // THEN
    manifests().has('DestinationRule', 'server/web', {
      spec: {
        trafficPolicy: {
          tls: { mode: 'ISTIO_MUTUAL' },
          portLevelSettings: [{ port: { number: 81 }, tls: { mode: 'DISABLE' } }],
        },
      },
    });
  });

  test('are told so for a whole namespace; a service with a policy of its own is an exception', () => {
    // GIVEN
    const { mesh, manifests } = ossmMesh();
    const web = http('web', mesh);
    // WHEN
    new MtlsPolicy(mesh, 'web-mode', { mode: 'STRICT', service: web });
    new MtlsPolicy(mesh, 'clear', { mode: 'DISABLE', namespace: 'server' });
    // THEN
    manifests().has('DestinationRule', 'server/clear.mtls', {
      spec: { host: '*.server.svc.cluster.local', trafficPolicy: { tls: { mode: 'DISABLE' } } },
    });
    manifests().has('DestinationRule', 'server/web', { spec: { trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } } });
  });

  test.each([true, false])('a rule for subsets in such a namespace says it, too (policy first: %s)', (policyFirst) => {
    // GIVEN
    const { mesh, manifests } = ossmMesh();
    const web = http('web', mesh);
    const policy = () => new MtlsPolicy(mesh, 'clear', { mode: 'DISABLE', namespace: 'server' });
    // WHEN
    if (policyFirst) policy();
    new Routing(mesh, 'web-routes', { host: web, rules: [Rule.otherwise().to(web.subset('v1'))] });
    if (!policyFirst) policy();
    // THEN
    manifests().has('DestinationRule', 'server/web', { spec: { trafficPolicy: { tls: { mode: 'DISABLE' } } } });
  });

  test('need no rule where the control plane makes none (mtls: false)', () => {
    // GIVEN
    const { mesh, manifests } = ossmMesh(false);
    // WHEN
    new MtlsPolicy(mesh, 'web-mode', { mode: 'DISABLE', service: http('web', mesh) });
    // THEN
    expect(manifests().find('DestinationRule')).toEqual([]);
  });

  test('workloads by labels alone are refused: nobody knows their host', () => {
    // GIVEN
    const { mesh } = ossmMesh();
    // THEN
    expect(() => new MtlsPolicy(mesh, 'p', { mode: 'DISABLE', namespace: 'server', workload: { app: 'web' } })).toThrow(
      'MESH1306 c1/m/p: OpenShift Service Mesh 2.6 with mtls: true encrypts every call by a rule of its own, so callers of these workloads need a rule, too; state their service instead of the namespace: service: …',
    );
  });
});

describe('two policies for the same workloads', () => {
  test('of the whole mesh, the second under another id', () => {
    // GIVEN
    const { mesh } = istioMesh();
    new MtlsPolicy(mesh, 'one', { mode: 'STRICT' });
    // THEN
    expect(() => new MtlsPolicy(mesh, 'two', { mode: 'PERMISSIVE' })).toThrow(
      "MESH1305 c1/m/two: policy 'c1/m/one' is about the whole mesh, too, and of two the older would win; state one policy for each",
    );
  });

  test('of the whole mesh, the control plane being the other one', () => {
    const { mesh } = ossmMesh();
    expect(() => new MtlsPolicy(mesh, 'all', { mode: 'STRICT' })).toThrow(
      "MESH1305 c1/m/all: the ServiceMeshControlPlane writes the policy of the whole mesh itself (PeerAuthentication m-system/default); state it there: ControlPlane.smcp('m-system', { mtls: true }) is STRICT, mtls: false PERMISSIVE",
    );
  });

  test('of the whole mesh, the control plane having stated mtls', () => {
    const { mesh } = istioMesh(ControlPlane.existing('istio-system', { mtls: true }));
    expect(() => new MtlsPolicy(mesh, 'all', { mode: 'PERMISSIVE' })).toThrow(
      'MESH1305 c1/m/all: the control plane states mtls: true, which is a policy STRICT of the whole mesh (PeerAuthentication istio-system/default); leave mtls out there, or this policy',
    );
  });

  test.each<[string, Props, Props, string]>([
    [
      'of a namespace',
      { mode: 'STRICT', namespace: 'server' },
      { mode: 'DISABLE', namespace: 'server' },
      "namespace 'server'",
    ],
    [
      'of workloads whose labels include the others',
      { mode: 'STRICT', namespace: 'server', workload: { app: 'web' } },
      { mode: 'DISABLE', namespace: 'server', workload: { version: 'v1', app: 'web' } },
      "workloads app=web of namespace 'server'",
    ],
  ])('%s', (_, first, second, what) => {
    // GIVEN
    const { mesh } = istioMesh();
    new MtlsPolicy(mesh, 'one', first);
    // THEN
    expect(() => new MtlsPolicy(mesh, 'two', second)).toThrow(
      `MESH1305 c1/m/two: policy 'c1/m/one' is about ${what}, too, and of two the older would win; state one policy for each`,
    );
  });

  test('of different workloads, or of a workload and its namespace, are fine', () => {
    // GIVEN
    const { mesh, manifests } = istioMesh();
    // WHEN
    new MtlsPolicy(mesh, 'all', { mode: 'STRICT' });
    new MtlsPolicy(mesh, 'ns', { mode: 'STRICT', namespace: 'server' });
    new MtlsPolicy(mesh, 'a', { mode: 'STRICT', namespace: 'server', workload: { app: 'a' } });
    new MtlsPolicy(mesh, 'b', { mode: 'STRICT', namespace: 'server', workload: { app: 'b' } });
    // THEN
    expect(manifests().find('PeerAuthentication')).toHaveLength(4);
  });
});

describe('options that do not fit', () => {
  test.each<[Props, string]>([
    [
      { mode: 'STRICT', namespace: 'sever' },
      "namespace 'sever' is none of the mesh, so the policy would apply to nothing; the mesh has server: declare it with mesh.namespace('sever')",
    ],
    [
      { mode: 'STRICT', namespace: 'istio-system' },
      "namespace 'istio-system' is that of the control plane, where a policy is about the whole mesh; leave the namespace out",
    ],
    [
      { mode: 'STRICT', namespace: 'server', workload: {} },
      'the labels of workload are empty, so they would select the whole namespace; state labels, or leave it out',
    ],
    [
      { mode: 'STRICT', workload: { app: 'web' } },
      'workload labels are stated without a namespace; state the namespace, or the service',
    ],
    [
      { mode: 'STRICT', namespace: 'server', ports: { 80: 'DISABLE' } },
      'ports are stated for more than one workload; Istio looks at ports only with a workload: state service or workload',
    ],
    [
      { mode: 'STRICT', namespace: 'server', workload: { app: 'web' }, ports: {} },
      'the list of ports is empty; state a port, or leave it out',
    ],
  ])('%j', (props, message) => {
    const { mesh } = istioMesh();
    expect(() => new MtlsPolicy(mesh, 'p', props)).toThrow(`MESH1306 c1/m/p: ${message}`);
  });

  test('an id that is the name of the policy of a namespace', () => {
    const { mesh } = istioMesh();
    const props: Props = { mode: 'STRICT', namespace: 'server', workload: { app: 'web' } };
    expect(() => new MtlsPolicy(mesh, 'default', props)).toThrow(
      "MESH1306 c1/m/default: id 'default' is the name of the policy of the whole namespace; choose another one",
    );
  });

  test('a namespace beside a service', () => {
    const { mesh } = istioMesh();
    const service = http('web', mesh);
    expect(() => new MtlsPolicy(mesh, 'p', { mode: 'STRICT', namespace: 'server', service })).toThrow(
      "MESH1306 c1/m/p: namespace 'server' and service server/web are both stated; leave the namespace out",
    );
  });

  test('a service of another mesh', () => {
    const { mesh } = istioMesh();
    const other = istioMesh().mesh;
    const service = new Mesh(other.cluster, 'n', {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('n-system', { revision: 'n' }),
    }).service('web', { namespace: 'server', ports: [Port.http(80)] });
    expect(() => new MtlsPolicy(mesh, 'p', { mode: 'STRICT', service })).toThrow(
      'MESH1306 c1/m/p: service server/web is of mesh c1/n; expected a service of c1/m',
    );
  });

  test.each([
    [80, 'port 80 is the port of Service server/web, whose workload listens on 8080; state 8080'],
    [9, 'the workload of server/web does not listen on port 9; it listens on 8080'],
  ])('port %d', (port, message) => {
    const { mesh } = istioMesh();
    const service = http('web', mesh);
    expect(() => new MtlsPolicy(mesh, 'p', { mode: 'STRICT', service, ports: { [port]: 'DISABLE' } })).toThrow(
      `MESH1306 c1/m/p: ${message}`,
    );
  });

  test('a port that is none, and a namespace that is none', () => {
    const { mesh } = istioMesh();
    const workload = { app: 'web' };
    expect(
      () => new MtlsPolicy(mesh, 'p', { mode: 'STRICT', namespace: 'server', workload, ports: { 70000: 'DISABLE' } }),
    ).toThrow("MESH1003 c1/m/p: port '70000' is out of range; expected a whole number from 1 to 65535");
    expect(() => new MtlsPolicy(mesh, 'q', { mode: 'STRICT', namespace: 'No' })).toThrow('MESH1001');
  });
});
