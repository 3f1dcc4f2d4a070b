import { environmentOf, expand, fieldOf, resourceOf } from '../../../testbed/kubernetes/pod-fields';
import type { Container, Pod } from '../../../testbed/kubernetes/types';

const container: Container = {
  name: 'app',
  image: 'app',
  resources: { limits: { cpu: '1500m', memory: '512Mi' } },
};

const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web-1', namespace: 'app', uid: 'u', labels: { app: 'web', 'a/b': 'x "y"' }, annotations: {} },
  spec: { serviceAccountName: 'web', nodeName: 'node', containers: [container] },
};

const facts = { pod, address: '10.44.1.10', nodeAddress: '10.44.1.1' };

describe('fieldOf', () => {
  it.each([
    ['metadata.name', 'web-1'],
    ['metadata.namespace', 'app'],
    ["metadata.labels['app']", 'web'],
    ["metadata.annotations['none']", ''],
    ['metadata.labels', 'app="web"\na/b="x \\"y\\""\n'],
    ['spec.serviceAccountName', 'web'],
    ['status.podIP', '10.44.1.10'],
    ['status.hostIP', '10.44.1.1'],
  ])('%s', (path, expected) => {
    expect(fieldOf(facts, path)).toBe(expected);
  });

  it('refuses a path it does not know', () => {
    expect(() => fieldOf(facts, 'spec.other')).toThrow("fieldPath 'spec.other'");
  });
});

describe('resourceOf', () => {
  it('rounds CPUs up and gives memory in bytes', () => {
    expect(resourceOf(container, 'limits.cpu')).toBe('2');
    expect(resourceOf(container, 'limits.memory')).toBe(String(512 * 2 ** 20));
    expect(resourceOf(container, 'requests.cpu')).toBe('2');
  });
});

describe('environmentOf', () => {
  it('resolves values, references and variables named before', async () => {
    // GIVEN
    const lookup = async (kind: string, name: string): Promise<Record<string, string>> => ({ key: `${kind}/${name}` });

    // WHEN
    const environment = await environmentOf(
      facts,
      {
        ...container,
        envFrom: [{ prefix: 'P_', configMapRef: { name: 'all' } }],
        env: [
          { name: 'A', value: 'a' },
          { name: 'B', value: '$(A)-$(NONE)-$$(A)' },
          { name: 'C', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          { name: 'D', valueFrom: { secretKeyRef: { name: 's', key: 'key' } } },
        ],
      },
      lookup,
    );

    // THEN
    expect(environment).toEqual({ P_key: 'configmaps/all', A: 'a', B: 'a-$(NONE)-$(A)', C: 'web-1', D: 'secrets/s' });
  });
});

describe('expand', () => {
  it('leaves text without variables alone', () => {
    expect(expand('$HOME $A $$ $()', { A: 'a' })).toBe('$HOME $A $$ $()');
  });
});
