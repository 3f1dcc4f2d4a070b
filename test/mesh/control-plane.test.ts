import { ControlPlane, Fleet, Gateway, Istio, type MeshProps, Ossm } from '../../lib';
import { FOUNDATION } from '../../lib/mesh/gitops';
import { mesh, messageOf, objectsOf } from '../support/model';

const objects = (props: Partial<MeshProps>) => objectsOf((fleet) => mesh(fleet, 'production', props, 'east'));

describe('ControlPlane.existing', () => {
  test('writes nothing', () => {
    expect(objects({ controlPlane: ControlPlane.existing('istio-system', { mtls: true }) }).all).toEqual([]);
  });
});

describe('ControlPlane.smcp', () => {
  const ossm = (controlPlane: ControlPlane) => objects({ platform: Ossm.v2_6(), controlPlane });

  test('is a ServiceMeshControlPlane in its namespace; GitOps deletes neither', () => {
    const written = ossm(
      ControlPlane.smcp('prod-istio-system', { mtls: true, outboundTrafficPolicy: 'REGISTRY_ONLY' }),
    );
    expect(written.one('ServiceMeshControlPlane')).toEqual({
      apiVersion: 'maistra.io/v2',
      kind: 'ServiceMeshControlPlane',
      metadata: {
        name: 'production',
        namespace: 'prod-istio-system',
        annotations: FOUNDATION,
      },
      spec: {
        version: 'v2.6',
        mode: 'MultiTenant',
        security: { dataPlane: { mtls: true, automtls: true }, trust: { domain: 'production.example' } },
        proxy: { networking: { trafficControl: { outbound: { policy: 'REGISTRY_ONLY' } } } },
        gateways: { openshiftRoute: { enabled: false }, ingress: { enabled: false }, egress: { enabled: false } },
      },
    });
    expect(written.one('Namespace').metadata).toEqual({
      name: 'prod-istio-system',
      annotations: FOUNDATION,
    });
  });

  test('a certificate authority that is plugged in', () => {
    expect(ossm(ControlPlane.smcp('a', { pluggedInCa: true })).one('ServiceMeshControlPlane').spec).toMatchObject({
      security: { certificateAuthority: { type: 'Istiod', istiod: { type: 'PrivateKey' } } },
    });
  });

  test('a gateway that is stated later is part of it all the same', () => {
    const written = objectsOf((fleet) => {
      const controlPlane = ControlPlane.smcp('prod-istio-system');
      const production = mesh(fleet, 'production', { platform: Ossm.v2_6(), controlPlane });
      Gateway.smcp(production, 'egress-b', { kind: 'egress' });
    });
    expect(written.one('ServiceMeshControlPlane').spec).toMatchObject({
      gateways: { additionalEgress: { 'egress-b': { enabled: true } } },
    });
  });

  test.each([
    [
      Istio.v1_31(),
      'MESH1105 east/production: ControlPlane.smcp needs ServiceMeshControlPlane, which Istio 1.31 does not have: it is an object of OpenShift Service Mesh 2; use ControlPlane.existing or ControlPlane.sail',
    ],
    [
      Ossm.v3(),
      'MESH1105 east/production: ControlPlane.smcp needs ServiceMeshControlPlane, which OpenShift Service Mesh 3 does not have: version 3 replaced it by the Istio resource of the Sail operator; use ControlPlane.sail',
    ],
  ])('is refused on %#', (platform, message) => {
    expect(messageOf(() => objects({ platform, controlPlane: ControlPlane.smcp('istio-system') }))).toBe(message);
  });
});

describe('ControlPlane.sail', () => {
  test('is an Istio, cluster-scoped, of the version of the platform', () => {
    const written = objects({
      controlPlane: ControlPlane.sail('istio-system', { network: 'east', outboundTrafficPolicy: 'REGISTRY_ONLY' }),
    });
    expect(written.one('Istio')).toEqual({
      apiVersion: 'sailoperator.io/v1',
      kind: 'Istio',
      metadata: { name: 'production', annotations: FOUNDATION },
      spec: {
        namespace: 'istio-system',
        version: 'v1.31-latest',
        values: {
          meshConfig: {
            trustDomain: 'production.example',
            outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
          },
          global: { network: 'east' },
        },
      },
    });
    expect(written.find('Namespace').map(({ metadata }) => metadata.name)).toEqual(['istio-system']);
  });

  test('OpenShift Service Mesh 3 has its own version; another one can be stated', () => {
    const version = (props: Partial<MeshProps>) => (objects(props).one('Istio').spec as { version: string }).version;
    expect(version({ platform: Ossm.v3(), controlPlane: ControlPlane.sail('a') })).toBe('v1.24-latest');
    expect(version({ controlPlane: ControlPlane.sail('a', { version: 'v1.28.0' }) })).toBe('v1.28.0');
  });

  test('is refused on OpenShift Service Mesh 2', () => {
    expect(messageOf(() => objects({ platform: Ossm.v2_6(), controlPlane: ControlPlane.sail('a') }))).toBe(
      'MESH1105 east/production: ControlPlane.sail needs Istio resource of the Sail operator, which OpenShift Service Mesh 2.6 does not have: it is an object of OpenShift Service Mesh 3; use ControlPlane.smcp',
    );
  });
});

describe('pathNormalization', () => {
  const options = { pathNormalization: 'DECODE_AND_MERGE_SLASHES' } as const;

  test('is written where each platform takes it', () => {
    expect(objects({ controlPlane: ControlPlane.sail('a', options) }).one('Istio').spec).toMatchObject({
      values: { meshConfig: { pathNormalization: { normalization: 'DECODE_AND_MERGE_SLASHES' } } },
    });
    const smcp = objects({ platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('a', options) });
    expect(smcp.one('ServiceMeshControlPlane').spec).toMatchObject({
      techPreview: { global: { pathNormalization: 'DECODE_AND_MERGE_SLASHES' } },
    });
  });

  test('is a fact of the mesh where it is stated, whoever writes the control plane', () => {
    const facts = (controlPlane: ControlPlane) => {
      const fleet = new Fleet();
      mesh(fleet, 'production', { controlPlane });
      return fleet.register.document([]).meshes[0].controlPlane;
    };
    expect(facts(ControlPlane.existing('a', options))).toMatchObject(options);
    expect(facts(ControlPlane.existing('a'))).not.toHaveProperty('pathNormalization');
  });
});

test('a malformed namespace is refused', () => {
  for (const make of [ControlPlane.existing, ControlPlane.smcp, ControlPlane.sail]) {
    expect(messageOf(() => make('Istio'))).toContain("MESH1001 ControlPlane: namespace 'Istio' is no DNS label");
  }
});
