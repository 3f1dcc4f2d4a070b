import { probePod, revise } from '../../../testbed/istio/revision';

const LABEL = 'istio.io/rev';

it('makes the installation of a revision', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'istio', labels: { [LABEL]: 'default' } } };
  revise(config, 'canary');
  expect(config.metadata).toEqual({ name: 'istio-canary', labels: { [LABEL]: 'canary' } });
  const other = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', labels: {} } };
  revise(other, 'canary');
  expect(other.metadata.name).toBe('other');
});

it('injects for those alone that ask for the revision', () => {
  const asks = (key: string, ...values: string[]) => ({ matchExpressions: [{ key, operator: 'In', values }] });
  const object = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'istio-sidecar-injector', labels: { [LABEL]: 'default' } },
    webhooks: [
      {
        name: 'rev.object.sidecar-injector.istio.io',
        namespaceSelector: { matchExpressions: [{ key: LABEL, operator: 'DoesNotExist' }] },
        objectSelector: asks(LABEL, 'default'),
      },
      { name: 'namespace.sidecar-injector.istio.io', namespaceSelector: asks('istio-injection', 'enabled') },
    ],
  };
  revise(object, 'canary');
  expect(object.webhooks).toEqual([
    {
      name: 'rev.object.sidecar-injector.istio.io',
      namespaceSelector: { matchExpressions: [{ key: LABEL, operator: 'DoesNotExist' }] },
      objectSelector: asks(LABEL, 'canary'),
    },
  ]);
  expect(object.metadata).toEqual({ name: 'istio-sidecar-injector', labels: { [LABEL]: 'canary' } });
});

it('asks for injection as pods of the revision do', () => {
  expect(probePod('default')).toMatchObject({ metadata: { labels: { 'sidecar.istio.io/inject': 'true' } } });
  expect(probePod('canary')).toMatchObject({ metadata: { labels: { [LABEL]: 'canary' } } });
});
