import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { IstioInstallation } from '../../../testbed/istio/istiod';

const RENDERED = [
  {
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: 'discovery',
              env: [
                { name: 'CLUSTER_ID', value: 'Kubernetes' },
                { name: 'KEPT', value: '1' },
              ],
            },
          ],
        },
      },
    },
  },
  { kind: 'CustomResourceDefinition', metadata: { name: 'gateways.networking.istio.io' } },
  { kind: 'ConfigMap', metadata: { name: 'istio', namespace: 'istio-system' }, data: { mesh: '' } },
  {
    kind: 'ConfigMap',
    metadata: { name: 'istio-sidecar-injector', namespace: 'istio-system' },
    data: { values: '{"global": {"multiCluster": {}}}' },
  },
  {
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'istio-validator-istio-system' },
    webhooks: [{ objectSelector: {} }],
  },
];

describe('IstioInstallation', () => {
  it('is made for a namespace, a cluster and a mesh', () => {
    // GIVEN
    const directory = mkdtempSync(path.join(tmpdir(), 'istio-'));
    writeFileSync(path.join(directory, 'istio.json'), JSON.stringify(RENDERED));
    const installation = new IstioInstallation(directory);
    rmSync(directory, { recursive: true });

    // WHEN
    const objects = installation.controlPlane({
      cluster: 'west',
      namespace: 'partner-istio-system',
      mesh: { trustDomain: 'partner.local', defaultConfig: { proxyMetadata: { A: '1' } } },
      env: { PILOT_X: 'y' },
      network: 'net-2',
      revision: 'default',
      cacerts: { 'ca-cert.pem': 'PEM' },
    });

    // THEN
    expect(installation.crds().map(({ metadata }) => metadata.name)).toEqual(['gateways.networking.istio.io']);
    expect(objects.map(({ kind }) => kind)).toEqual([
      'Secret',
      'ConfigMap',
      'ConfigMap',
      'ValidatingWebhookConfiguration',
      'Deployment',
    ]);
    expect(JSON.stringify(objects)).not.toContain('"istio-system"');
    const [secret, config, injector, validator, deployment] = objects;
    expect(secret).toMatchObject({
      metadata: { name: 'cacerts', namespace: 'partner-istio-system' },
      stringData: { 'ca-cert.pem': 'PEM' },
    });
    expect(JSON.parse((config.data as Record<string, string>).mesh)).toMatchObject({
      rootNamespace: 'partner-istio-system',
      trustDomain: 'partner.local',
      defaultConfig: { discoveryAddress: 'istiod.partner-istio-system.svc:15012', proxyMetadata: { A: '1' } },
    });
    expect(JSON.parse((injector.data as Record<string, string>).values)).toEqual({
      global: { multiCluster: { clusterName: 'west' }, network: 'net-2' },
    });
    expect(validator).toMatchObject({
      metadata: { name: 'istio-validator-partner-istio-system' },
      webhooks: [{ timeoutSeconds: 10 }],
    });
    expect((validator.webhooks as object[])[0]).not.toHaveProperty('objectSelector');
    expect(deployment).toHaveProperty('spec.template.spec.containers[0].env', [
      { name: 'KEPT', value: '1' },
      { name: 'CLUSTER_ID', value: 'west' },
      { name: 'PILOT_X', value: 'y' },
    ]);
  });
});
