import { readFileSync } from 'node:fs';
import { Cluster, ControlPlane, Istio, Mesh, Ossm, TrustBundle } from '../../lib';
import { Manifests, Testing } from '../../lib/testing';

const CACERTS = ['ca-cert.pem', 'ca-key.pem', 'cert-chain.pem', 'root-cert.pem'];

describe('a certificate authority that is plugged in', () => {
  test.each([
    ['ServiceMeshControlPlane', Ossm.v2_6(), ControlPlane.smcp('m-system', { pluggedInCa: true })],
    ['Istio', Istio.v1_31(), ControlPlane.sail('m-system', { pluggedInCa: true })],
  ])('%s: its Secret must exist in the namespace of the control plane', (_, platform, controlPlane) => {
    // GIVEN
    const fleet = Testing.fleet();
    const root = TrustBundle.declared('company-root', { rootSha256: ['a'.repeat(64), 'b'.repeat(64)] });
    // WHEN
    new Mesh(new Cluster(fleet, 'c1'), 'm', { platform, controlPlane, root });
    fleet.synth();
    // THEN
    expect(JSON.parse(readFileSync(`${fleet.outdir}/fleet.json`, 'utf8')).secrets).toEqual([
      {
        cluster: 'c1',
        namespace: 'm-system',
        name: 'cacerts',
        keys: CACERTS,
        trusts: { name: 'company-root', sha256: ['a'.repeat(64), 'b'.repeat(64)] },
        writtenBy: 'somebody else',
        neededBy: 'c1/m',
      },
    ]);
  });

  test('the ServiceMeshControlPlane is told to use it', () => {
    // GIVEN
    const fleet = Testing.fleet();
    // WHEN
    const controlPlane = ControlPlane.smcp('m-system', { pluggedInCa: true });
    new Mesh(new Cluster(fleet, 'c1'), 'm', { platform: Ossm.v2_6(), controlPlane });
    // THEN
    Manifests.of(fleet)
      .cluster('c1')
      .has('ServiceMeshControlPlane', 'm-system/m', {
        spec: {
          security: { certificateAuthority: { type: 'Istiod', istiod: { type: 'PrivateKey' } } },
        },
      });
  });

  test("is nobody's concern where istiod signs with a root of its own", () => {
    // GIVEN
    const fleet = Testing.fleet();
    // WHEN
    new Mesh(new Cluster(fleet, 'c1'), 'm', { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('m-system') });
    fleet.synth();
    // THEN
    expect(JSON.parse(readFileSync(`${fleet.outdir}/fleet.json`, 'utf8')).secrets).toEqual([]);
    const smcp = Manifests.of(fleet).cluster('c1').one('ServiceMeshControlPlane', 'm-system/m');
    expect(JSON.stringify(smcp)).not.toContain('certificateAuthority');
  });
});

describe('mtls: true', () => {
  test('with the Sail operator: a policy of the whole mesh, which the operator does not write', () => {
    // GIVEN
    const fleet = Testing.fleet();
    // WHEN
    const controlPlane = ControlPlane.sail('m-system', { mtls: true });
    new Mesh(new Cluster(fleet, 'c1'), 'm', { platform: Istio.v1_31(), controlPlane });
    // THEN
    Manifests.of(fleet)
      .cluster('c1')
      .has('PeerAuthentication', 'm-system/default', { spec: { mtls: { mode: 'STRICT' } } });
  });

  test.each([
    [Ossm.v2_6(), ControlPlane.smcp('m-system', { mtls: true })],
    [Istio.v1_31(), ControlPlane.sail('m-system')],
    [Istio.v1_31(), ControlPlane.existing('m-system', { mtls: true })],
  ])('otherwise nothing: somebody else writes it, or it is not asked for', (platform, controlPlane) => {
    // GIVEN
    const fleet = Testing.fleet();
    // WHEN
    new Mesh(new Cluster(fleet, 'c1'), 'm', { platform, controlPlane });
    // THEN
    expect(Testing.synth(fleet).c1.filter(({ kind }) => kind === 'PeerAuthentication')).toEqual([]);
  });
});
