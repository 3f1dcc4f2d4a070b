import { said } from '../support';

test.each<[kind: string, apiVersion: string, spec: unknown, problems: string[]]>([
  [
    'WorkloadEntry',
    'networking.istio.io/v1',
    { address: '1.2.3.4.5' },
    ['spec.address is "1.2.3.4.5", expected an IP address or a domain name'],
  ],
  [
    'WorkloadEntry',
    'networking.istio.io/v1',
    { network: 'n' },
    ['warning: spec.address is missing, and network is "n"'],
  ],
  [
    'WorkloadEntry',
    'networking.istio.io/v1',
    { address: '1.2.3.4', labels: { '-a': 'b' } },
    ['spec.labels[-a] has the key "-a", expected a label\'s name'],
  ],
  [
    'WorkloadGroup',
    'networking.istio.io/v1',
    { template: {}, probe: { periodSeconds: 1 } },
    ['spec.probe sets none of httpGet, tcpSocket and exec, of which istiod expects one'],
  ],
  [
    'WorkloadGroup',
    'networking.istio.io/v1',
    { template: {}, metadata: { labels: { a: 'b c' } } },
    ['spec.metadata.labels.a is "b c", expected a label\'s value'],
  ],
  ['ProxyConfig', 'networking.istio.io/v1beta1', { concurrency: -1 }, ['spec.concurrency is -1, expected at least 0']],
  [
    'Telemetry',
    'telemetry.istio.io/v1',
    { accessLogging: [{ filter: { expression: 'a &&' } }] },
    ["spec.accessLogging[0].filter.expression is no CEL expression: 'the end' is unexpected"],
  ],
  [
    'Telemetry',
    'telemetry.istio.io/v1',
    { tracing: [{}, {}] },
    ['warning: spec.tracing has several entries, of which istiod takes one'],
  ],
  [
    'Telemetry',
    'telemetry.istio.io/v1',
    { metrics: [{ overrides: [{ tagOverrides: { a: {} } }] }] },
    ['spec.metrics[0].overrides[0].tagOverrides.a.value is missing, which operation UPSERT needs'],
  ],
  [
    'WasmPlugin',
    'extensions.istio.io/v1alpha1',
    { url: 'oci://a', vmConfig: { env: [{ name: 'A' }, { name: 'A' }] } },
    ['spec.vmConfig.env[1] has the same name as item 0'],
  ],
  [
    'WasmPlugin',
    'extensions.istio.io/v1alpha1',
    { url: 'oci://a', pluginName: 'é'.repeat(129) },
    ['spec.pluginName is longer than 256 bytes'],
  ],
  ['TrafficExtension', 'extensions.istio.io/v1alpha1', { lua: { inlineCode: 'x'.repeat(65536) } }, []],
])('%s %s %j', (kind, apiVersion, spec, problems) => {
  expect(said(apiVersion, kind, spec)).toEqual(problems);
});
