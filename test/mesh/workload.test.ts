import {
  ControlPlane,
  Credential,
  Fleet,
  Identity,
  type Mesh,
  Ossm,
  Port,
  TrustBundle,
  Workload,
  type WorkloadProps,
} from '../../lib';
import { mesh, messageOf, objectsOf, synth } from '../support/model';

const insurances = (production: Mesh) =>
  production.service('insurances', {
    namespace: 'travel',
    ports: [Port.http(80, { targetPort: 8000 }), Port.tcp(9000, { name: 'tcp-statistics-of-all' })],
    subsets: { v1: { version: 'v1' }, v2: { version: 'v2' } },
  });

function workload(props: Partial<WorkloadProps> = {}) {
  return (fleet: Fleet) => {
    const production = mesh(fleet, 'production', {}, 'east');
    new Workload(production, 'insurances', { service: insurances(production), image: 'insurances:1.0', ...props });
  };
}

describe('Workload', () => {
  test('is a ServiceAccount, a Service and a Deployment with the labels by which subsets select', () => {
    const objects = objectsOf(workload({ env: { B: '2', A: '1' }, replicas: 2 }));
    expect(objects.all.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'Service', 'ServiceAccount']);
    expect(objects.one('Service')).toMatchObject({
      metadata: { name: 'insurances', namespace: 'travel' },
      spec: {
        selector: { app: 'insurances' },
        ports: [
          { name: 'http', port: 80, targetPort: 8000, protocol: 'TCP' },
          { name: 'tcp-statistics-of-all', port: 9000, targetPort: 9000, protocol: 'TCP' },
        ],
      },
    });
    expect(objects.one('Deployment')).toMatchObject({
      metadata: { name: 'insurances-v1', namespace: 'travel' },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'insurances', version: 'v1' } },
        template: {
          metadata: { labels: { app: 'insurances', version: 'v1', 'sidecar.istio.io/inject': 'true' } },
          spec: {
            serviceAccountName: 'insurances',
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name: 'insurances',
                image: 'insurances:1.0',
                env: [
                  { name: 'B', value: '2' },
                  { name: 'A', value: '1' },
                ],
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            ],
          },
        },
      },
    });
  });

  test('container ports have no names: those of a Service may be longer than a container port allows', () => {
    const { spec } = objectsOf(workload()).one('Deployment') as unknown as {
      spec: { template: { spec: { containers: { ports: object[] }[] } } };
    };
    expect(spec.template.spec.containers[0].ports).toEqual([{ containerPort: 8000 }, { containerPort: 9000 }]);
  });

  test('files are mounted into its sidecars by annotation; without any there is none', () => {
    const metadata = (props: Partial<WorkloadProps>) =>
      (objectsOf(workload(props)).one('Deployment').spec as { template: { metadata: object } }).template.metadata;
    const identity = Identity.dns('web.example.com');
    const files = Credential.files('certs', { identity, signer: TrustBundle.declared('ca'), directory: '/etc/certs' });
    expect(metadata({ sidecarFiles: [files] })).toHaveProperty('annotations', Credential.podAnnotations(files));
    expect(metadata({ sidecarFiles: [] })).not.toHaveProperty('annotations');
    expect(metadata({})).not.toHaveProperty('annotations');
  });

  test('versions of one service share its Service and ServiceAccount', () => {
    const build = (fleet: Fleet) => {
      const production = mesh(fleet, 'production', {}, 'east');
      const service = insurances(production);
      new Workload(production, 'first', { service, image: 'insurances:1.0' });
      new Workload(production, 'second', { service, image: 'insurances:2.0', version: 'v2' });
    };
    const objects = objectsOf(build);
    expect(objects.find('Deployment').map(({ metadata }) => metadata.name)).toEqual(['insurances-v1', 'insurances-v2']);
    objects.one('Service');
    objects.one('ServiceAccount');
    expect(Object.keys(synth(build)).filter((file) => file.endsWith('.yaml'))).toEqual([
      'east/production.travel.insurances.k8s.yaml',
    ]);
  });

  test('one port of a service backs all of them', () => {
    const objects = objectsOf((fleet) => {
      const production = mesh(fleet, 'production', {}, 'east');
      const service = insurances(production).at(Port.http(80));
      new Workload(production, 'insurances', { service, image: 'insurances:1.0' });
    });
    expect((objects.one('Service').spec as { ports: object[] }).ports).toHaveLength(2);
  });

  test.each([
    'insurances:1.0',
    'quay.io/example/insurances:1.0',
    'localhost:5000/insurances:v1',
    `quay.io/example/insurances@sha256:${'a1'.repeat(32)}`,
    `quay.io/example/insurances:1.0@sha256:${'a1'.repeat(32)}`,
    `localhost:5000/insurances:latest@sha256:${'a1'.repeat(32)}`,
  ])('image %s is the same tomorrow', (image) => {
    expect(objectsOf(workload({ image })).find('Deployment')).toHaveLength(1);
  });

  test.each([
    'insurances',
    'insurances:latest',
    'quay.io/example/insurances',
    'localhost:5000/insurances',
    '',
    'in surances:1.0',
    'insurances:',
    'insurances@sha256:abc',
    ':1.0',
  ])('image %j is refused', (image) => {
    expect(messageOf(() => objectsOf(workload({ image })))).toBe(
      `MESH1109 east/production/insurances: image '${image}' has no fixed tag or digest; expected something like 'quay.io/example/insurances:1.0'`,
    );
  });

  test.each(['', '1A', 'A=B', 'A B'])('a variable named %j is refused', (name) => {
    expect(messageOf(() => objectsOf(workload({ env: { GOOD: '1', [name]: '2' } })))).toBe(
      `MESH1109 east/production/insurances: the name '${name}' in env is malformed; expected letters, digits, '_', '-' and '.', without a digit in front`,
    );
  });

  test.each([-1, 1.5, Number.NaN])('%d replicas are refused', (replicas) => {
    expect(messageOf(() => objectsOf(workload({ replicas })))).toBe(
      `MESH1109 east/production/insurances: replicas ${replicas} is malformed; expected a whole number, 0 or more`,
    );
  });

  test('its container gets a token of the ServiceAccount, unless it is said not to', () => {
    const pod = (props: Partial<WorkloadProps>) =>
      (objectsOf(workload(props)).one('Deployment').spec as { template: { spec: object } }).template.spec;
    expect(pod({})).not.toHaveProperty('automountServiceAccountToken');
    expect(pod({ automountServiceAccountToken: false })).toMatchObject({ automountServiceAccountToken: false });
  });

  test('zero replicas are a way to switch it off', () => {
    expect(objectsOf(workload({ replicas: 0 })).one('Deployment').spec).toMatchObject({ replicas: 0 });
  });

  test('a malformed version is refused', () => {
    expect(messageOf(() => objectsOf(workload({ version: 'v1.0' })))).toContain(
      "MESH1001 east/production/insurances: version 'v1.0' is no DNS label",
    );
  });

  test('one version twice is refused', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    const service = insurances(production);
    new Workload(production, 'first', { service, image: 'insurances:1.0' });
    expect(messageOf(() => new Workload(production, 'second', { service, image: 'insurances:2.0' }))).toBe(
      "MESH1109 east/production/second: another workload backs version 'v1' of travel/insurances; state another version",
    );
  });

  test('a service of another mesh is refused', () => {
    const fleet = new Fleet();
    const service = insurances(mesh(fleet, 'other', {}, 'west'));
    expect(messageOf(() => new Workload(mesh(fleet, 'production', {}, 'east'), 'a', { service, image: 'a:1' }))).toBe(
      'MESH1109 east/production/a: service travel/insurances is of mesh west/other; expected one of east/production',
    );
  });

  test('an alias has no endpoints of its own', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    const service = production.alias('ratings', { namespace: 'default', port: Port.http(9080) });
    expect(messageOf(() => new Workload(production, 'ratings', { service, image: 'ratings:1.0' }))).toBe(
      'MESH1109 east/production/ratings: default/ratings is an alias, which has no endpoints of its own; state it with mesh.service()',
    );
  });
});

test('the DestinationRule of subsets repeats the mesh-wide ISTIO_MUTUAL of OpenShift Service Mesh 2, which it hides', () => {
  const rule = (platform: ReturnType<typeof Ossm.v2_6>, mtls: boolean) => {
    const objects = objectsOf((fleet) => {
      const controlPlane = ControlPlane.existing('istio-system', { mtls });
      const production = mesh(fleet, 'production', { platform, controlPlane }, 'east');
      production.namespace('travel');
      insurances(production);
      production.writeServiceRule('insurances.travel.svc.cluster.local');
    });
    return objects.one('DestinationRule').spec;
  };
  const subsets = [
    { name: 'v1', labels: { version: 'v1' } },
    { name: 'v2', labels: { version: 'v2' } },
  ];
  const host = 'insurances.travel.svc.cluster.local';
  expect(rule(Ossm.v2_6(), true)).toEqual({ host, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } }, subsets });
  expect(rule(Ossm.v2_6(), false)).toEqual({ host, subsets });
  expect(rule(Ossm.v3(), true)).toEqual({ host, subsets });
});
