import {
  Cluster,
  ControlPlane,
  type Fleet,
  Gateway,
  Istio,
  Mesh,
  type MeshProps,
  Ossm,
  Port,
  Workload,
} from '../../lib';
import type { Manifest } from '../../lib/facts/manifest';
import { Admission } from '../../lib/verify/admission/admission';
import { manifestsOf, mesh, messageOf, objectsOf } from '../support/model';
import { planeOf } from '../verify/support/world';

const REV = 'istio.io/rev';

/** A mesh with a namespace of ours, a workload in one that exists, and a gateway. */
function furnished(fleet: Fleet, props: Partial<MeshProps>, id = 'production'): Mesh {
  const production = mesh(fleet, id, props, 'east');
  production.namespace('travel', { create: true });
  production.namespace('legacy');
  const service = production.service('cars', { namespace: 'legacy', ports: [Port.http(8000)] });
  new Workload(production, 'cars', { service, image: 'quay.io/example/cars:1.0' });
  new Gateway(production, 'public', { kind: 'ingress', namespace: 'gateways' });
  return production;
}

const objects = (controlPlane: ControlPlane, props: Partial<MeshProps> = {}) =>
  objectsOf((fleet) => furnished(fleet, { controlPlane, ...props }));

const labelsOf = (written: ReturnType<typeof objects>, name: string) =>
  written.find('Namespace').find(({ metadata }) => metadata.name === name)?.metadata.labels;

const podLabels = (written: ReturnType<typeof objects>) =>
  written
    .find('Deployment')
    .map(
      ({ spec }) => (spec as { template: { metadata: { labels: Record<string, string> } } }).template.metadata.labels,
    )
    .map(({ [REV]: revision, 'sidecar.istio.io/inject': inject }) => ({ revision, inject }));

describe('a revision', () => {
  test('is on namespaces that we write and on pods, never with the label of the default one', () => {
    const written = objects(ControlPlane.existing('istio-system', { revision: 'canary' }));
    expect(labelsOf(written, 'travel')).toEqual({ [REV]: 'canary' });
    const asks = { revision: 'canary', inject: 'true' };
    expect(podLabels(written)).toEqual([asks, asks]);
  });

  test('is a fact of the mesh where it is not the default one', () => {
    const facts = (controlPlane: ControlPlane) =>
      manifestsOf((fleet) => furnished(fleet, { controlPlane })).facts.meshes[0].controlPlane;
    expect(facts(ControlPlane.existing('istio-system', { revision: 'canary' }))).toMatchObject({ revision: 'canary' });
    expect(facts(ControlPlane.sail('istio-system'))).toMatchObject({ revision: 'production' });
    expect(facts(ControlPlane.existing('istio-system'))).not.toHaveProperty('revision');
    expect(facts(ControlPlane.existing('istio-system', { revision: 'default' }))).not.toHaveProperty('revision');
  });

  test('of the Sail operator is named after the Istio, so after the mesh', () => {
    const written = objects(ControlPlane.sail('istio-system'));
    expect(labelsOf(written, 'travel')).toEqual({ [REV]: 'production' });
    expect(labelsOf(written, 'istio-system')).toBeUndefined();
    expect(written.find('IstioRevisionTag')).toEqual([]);
    expect(written.one('Istio').spec).not.toHaveProperty('updateStrategy');
  });

  test('of a mesh that is called default is asked for by the plain label', () => {
    const written = objectsOf((fleet) =>
      furnished(fleet, { controlPlane: ControlPlane.sail('istio-system') }, 'default'),
    );
    expect(labelsOf(written, 'travel')).toEqual({ 'istio-injection': 'enabled' });
    expect(podLabels(written)[0]).toEqual({ revision: undefined, inject: 'true' });
    expect(written.find('IstioRevisionTag')).toEqual([]);
  });

  test('of another name than the Istio is a tag of it', () => {
    const written = objects(ControlPlane.sail('istio-system', { revision: 'default' }));
    expect(written.one('IstioRevisionTag')).toMatchObject({
      apiVersion: 'sailoperator.io/v1',
      metadata: { name: 'default' },
      spec: { targetRef: { kind: 'Istio', name: 'production' } },
    });
    expect(labelsOf(written, 'travel')).toEqual({ 'istio-injection': 'enabled' });
  });

  test('is a tag with RevisionBased, whose revisions have names of versions', () => {
    const written = objects(ControlPlane.sail('istio-system', { updateStrategy: 'RevisionBased' }));
    expect(written.one('Istio').spec).toMatchObject({ updateStrategy: { type: 'RevisionBased' } });
    expect(written.one('IstioRevisionTag')).toMatchObject({
      metadata: { name: 'production' },
      spec: { targetRef: { kind: 'Istio', name: 'production' } },
    });
    expect(labelsOf(written, 'travel')).toEqual({ [REV]: 'production' });
    const inPlace = objects(ControlPlane.sail('istio-system', { updateStrategy: 'InPlace' }));
    expect(inPlace.one('Istio').spec).toMatchObject({ updateStrategy: { type: 'InPlace' } });
    expect(inPlace.find('IstioRevisionTag')).toEqual([]);
  });

  test.each([
    [Istio.v1_31(), ControlPlane.sail('istio-system', { updateStrategy: 'RevisionBased', cni: true })],
    [Ossm.v3(), ControlPlane.sail('istio-system', { revision: 'default' })],
  ])('and all that comes with it keeps to the schemas of %#', (platform, controlPlane) => {
    const admission = new Admission(platform.bundles);
    const written = objects(controlPlane, { platform });
    expect(written.find('IstioRevisionTag')).toHaveLength(1);
    expect(written.all.flatMap((object) => admission.judge(object))).toEqual([]);
  });

  test.each([
    ['existing', ControlPlane.existing('istio-system', { revision: 'canary' }), 'canary'],
    ['sail', ControlPlane.sail('istio-system'), 'production'],
    ['default', ControlPlane.existing('istio-system'), 'default'],
  ])('is what makes istiod inject all that we write: %s', (_, controlPlane, revision) => {
    const yaml = (manifests: readonly Manifest[]) => manifests.map((one) => `---\n${JSON.stringify(one)}\n`).join('');
    const { all } = objects(controlPlane);
    const proxies = (of: string) => planeOf(yaml(all), { revision: of }).mesh.workloads.map(({ proxy }) => proxy);
    expect(proxies(revision).sort()).toEqual(['gateway', 'sidecar']);
    expect(proxies('another')).toEqual([undefined, undefined]);
  });

  test('is refused where it is no name, and where namespaces are members', () => {
    expect(messageOf(() => ControlPlane.existing('istio-system', { revision: '1.31' }))).toBe(
      "MESH1001 ControlPlane: revision '1.31' is no DNS label; expected lower case letters, digits and '-', beginning and ending with a letter or digit",
    );
    expect(
      messageOf(() =>
        objects(ControlPlane.existing('istio-system', { revision: 'canary' }), { platform: Ossm.v2_6() }),
      ),
    ).toBe(
      "MESH1121 east/production: revision is 'canary', but on OpenShift Service Mesh 2.6 namespaces are members, whatever their labels; leave it out",
    );
  });

  test('is had by one mesh of a cluster; members need none', () => {
    const two = (platform: MeshProps['platform']) => () =>
      objectsOf((fleet) => {
        const cluster = new Cluster(fleet, 'east');
        for (const id of ['a', 'b']) {
          new Mesh(cluster, id, { platform, controlPlane: ControlPlane.existing(`${id}-system`) });
        }
      });
    expect(messageOf(two(Istio.v1_31()))).toBe(
      "MESH1122 east/b: istiod has revision 'default', as that of mesh east/a in the same cluster: pods would get the proxy of one of the two; state the revision of each, such as ControlPlane.existing('istio-system', { revision: 'canary' })",
    );
    expect(two(Ossm.v2_6())().all).toEqual([]);
  });
});

describe('labels of a namespace that the user states', () => {
  const labelled = (labels: Record<string, string>, revision?: string) => () =>
    objectsOf((fleet) => {
      const controlPlane = ControlPlane.existing('istio-system', { revision });
      mesh(fleet, 'production', { controlPlane }, 'east').namespace('travel', { create: true, labels });
    }).one('Namespace').metadata.labels;

  test('may say what is written anyway, in either way', () => {
    expect(labelled({ 'istio-injection': 'enabled', team: 'a' })()).toEqual({
      'istio-injection': 'enabled',
      team: 'a',
    });
    expect(labelled({ [REV]: 'default' })()).toEqual({ [REV]: 'default' });
    expect(labelled({ [REV]: 'canary', team: 'a' }, 'canary')()).toEqual({ [REV]: 'canary', team: 'a' });
  });

  test.each([
    [
      { 'istio-injection': 'disabled' },
      undefined,
      "namespace 'travel' has label 'istio-injection: disabled', with which none of its pods has a proxy; leave it out: 'istio-injection: enabled' is written",
    ],
    [
      { 'istio-injection': 'enabled' },
      'canary',
      "namespace 'travel' has label 'istio-injection: enabled', which means revision 'default' and has priority over 'istio.io/rev: canary'; leave it out: 'istio.io/rev: canary' is written",
    ],
    [
      { 'istio-injection': 'enabled', [REV]: 'default' },
      undefined,
      "namespace 'travel' has label 'istio-injection: enabled', which means revision 'default' and has priority over 'istio.io/rev: default'; leave it out: 'istio-injection: enabled' is written",
    ],
    [
      { [REV]: 'stable' },
      'canary',
      "namespace 'travel' has label 'istio.io/rev: stable', but the control plane of the mesh has revision 'canary'; leave it out: 'istio.io/rev: canary' is written",
    ],
  ])('are refused where they ask for something else: %j in revision %s', (labels, revision, message) => {
    expect(messageOf(labelled(labels as Record<string, string>, revision))).toBe(
      `MESH1121 east/production: ${message}`,
    );
  });
});

describe('IstioCNI', () => {
  const two = (versions: [a: string, b: string], cni?: boolean) =>
    objectsOf((fleet) => {
      const cluster = new Cluster(fleet, 'ocp');
      for (const [id, version] of [
        ['a', versions[0]],
        ['b', versions[1]],
      ]) {
        const options = { version, ...(id === 'b' && { cni }) } as Parameters<typeof ControlPlane.sail>[1];
        new Mesh(cluster, id, { platform: Ossm.v3(), controlPlane: ControlPlane.sail(`${id}-system`, options) });
      }
    });

  test('is written once for the meshes of a cluster where OpenShift needs it, and their pods rely on it', () => {
    const written = two(['v1.24.6', 'v1.24.6']);
    expect(written.one('IstioCNI')).toMatchObject({
      apiVersion: 'sailoperator.io/v1',
      metadata: { name: 'default' },
      spec: { namespace: 'istio-cni', version: 'v1.24.6' },
    });
    expect(written.find('Namespace').map(({ metadata }) => metadata.name)).toEqual([
      'a-system',
      'b-system',
      'istio-cni',
    ]);
    for (const { spec } of written.find('Istio')) {
      expect(spec).toMatchObject({ values: { pilot: { cni: { enabled: true } } } });
    }
  });

  test('on Istio it is written where it is asked for', () => {
    expect(objects(ControlPlane.sail('istio-system')).find('IstioCNI')).toEqual([]);
    expect(objects(ControlPlane.sail('istio-system', { cni: true })).find('IstioCNI')).toHaveLength(1);
    const platform = Ossm.v3();
    expect(objects(ControlPlane.sail('istio-system', { cni: false }), { platform }).find('IstioCNI')).toEqual([]);
    expect(objects(ControlPlane.existing('istio-system'), { platform }).find('IstioCNI')).toEqual([]);
  });

  test('has one version', () => {
    expect(messageOf(() => two(['v1.24.6', 'v1.24.5']))).toBe(
      "MESH1123 ocp/b: the cluster has one IstioCNI, of version 'v1.24.6' for mesh 'a', and this mesh needs 'v1.24.5'; state cni: false at the mesh whose control plane may run with the other's (at most one minor version apart)",
    );
    expect(two(['v1.24.6', 'v1.24.5'], false).one('IstioCNI').spec).toMatchObject({ version: 'v1.24.6' });
  });

  test('is asked for by true or false, and an update strategy by its name', () => {
    expect(messageOf(() => ControlPlane.sail('istio-system', { cni: 'yes' as unknown as boolean }))).toBe(
      "MESH1006 ControlPlane.sail: 'cni' is 'yes', expected true or false",
    );
    expect(messageOf(() => ControlPlane.sail('istio-system', { updateStrategy: 'Canary' as 'InPlace' }))).toBe(
      "MESH1006 ControlPlane.sail: 'updateStrategy' is 'Canary', expected 'InPlace' or 'RevisionBased'",
    );
  });
});
