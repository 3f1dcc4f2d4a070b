import { bundles, schema } from '../../imports/schema';
import { Istio, Ossm } from '../../lib';
import { messageOf } from '../support/model';

const platforms = [Istio.v1_31(), Ossm.v2_6(), Ossm.v3()];
const KINDS = [
  'AuthorizationPolicy',
  'PeerAuthentication',
  'DestinationRule',
  'Gateway',
  'ServiceEntry',
  'Sidecar',
  'VirtualService',
] as const;

describe.each(platforms.map((platform) => [platform.name, platform] as const))('%s', (_, platform) => {
  test('names CRD bundles that exist', () => {
    expect(platform.bundles.filter((bundle) => !bundles().includes(bundle))).toEqual([]);
    expect(platform.bundles.filter((bundle) => bundle.startsWith('istio-'))).toHaveLength(1);
  });

  test('names an API version of every kind that its bundle serves', () => {
    const [istio] = platform.bundles;
    for (const kind of KINDS) {
      const apiVersion = platform.apiVersion(kind as 'Gateway');
      expect([kind, apiVersion, schema(istio, apiVersion, kind) !== undefined]).toEqual([kind, apiVersion, true]);
    }
  });

  test('has the objects of its features, and of no others, in its bundles', () => {
    const serves = (apiVersion: string, kind: string) =>
      platform.bundles.some((bundle) => schema(bundle, apiVersion, kind) !== undefined);
    expect(serves('maistra.io/v2', 'ServiceMeshControlPlane')).toBe(platform.has('ServiceMeshControlPlane'));
    expect(serves('maistra.io/v1', 'ServiceMeshMember')).toBe(platform.has('ServiceMeshMember'));
    expect(serves('route.openshift.io/v1', 'Route')).toBe(platform.has('OpenShift Route'));
    expect(serves('sailoperator.io/v1', 'Istio')).toBe(accepts(() => platform.sailVersion('here', 'use')));
  });
});

test('OpenShift Service Mesh 2.6 is Istio 1.20: v1beta1', () => {
  const ossm = Ossm.v2_6();
  expect(ossm.istio).toBe('1.20');
  expect(ossm.apiVersion('VirtualService')).toBe('networking.istio.io/v1beta1');
  expect(ossm.apiVersion('AuthorizationPolicy')).toBe('security.istio.io/v1beta1');
  expect(Istio.v1_31().apiVersion('VirtualService')).toBe('networking.istio.io/v1');
  expect(Istio.v1_31().apiVersion('PeerAuthentication')).toBe('security.istio.io/v1');
});

test('the Sail operator installs the version of the platform', () => {
  expect(Istio.v1_31().sailVersion('here', 'use')).toBe('v1.31-latest');
  expect(Ossm.v3().sailVersion('here', 'use')).toBe('v1.24-latest');
});

test.each([
  [
    () => Istio.v1_31().require('ServiceMeshControlPlane', 'east/mesh', 'ControlPlane.smcp'),
    'MESH1105 east/mesh: ControlPlane.smcp needs ServiceMeshControlPlane, which Istio 1.31 does not have: it is an object of OpenShift Service Mesh 2; use ControlPlane.existing or ControlPlane.sail',
  ],
  [
    () => Istio.v1_31().require('ServiceMeshMember', 'east/mesh', 'membership'),
    'MESH1105 east/mesh: membership needs ServiceMeshMember, which Istio 1.31 does not have',
  ],
  [
    () => Ossm.v2_6().sailVersion('ocp/mesh', 'ControlPlane.sail'),
    'MESH1105 ocp/mesh: ControlPlane.sail needs Istio resource of the Sail operator, which OpenShift Service Mesh 2.6 does not have: it is an object of OpenShift Service Mesh 3; use ControlPlane.smcp',
  ],
  [
    () => Ossm.v3().require('ServiceMeshControlPlane', 'ocp/mesh', 'ControlPlane.smcp'),
    'MESH1105 ocp/mesh: ControlPlane.smcp needs ServiceMeshControlPlane, which OpenShift Service Mesh 3 does not have: version 3 replaced it by the Istio resource of the Sail operator; use ControlPlane.sail',
  ],
  [
    () => Ossm.v3().require('ServiceMeshMember', 'ocp/mesh', 'membership'),
    'MESH1105 ocp/mesh: membership needs ServiceMeshMember, which OpenShift Service Mesh 3 does not have: version 3 selects namespaces by label',
  ],
])('what a platform lacks is refused with its name and the reason (%#)', (run, message) => {
  expect(messageOf(run)).toBe(message);
});

function accepts(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}
