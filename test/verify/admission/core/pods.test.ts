import { said } from '../support';

/** A Deployment with a container, and what its pod has besides. */
const deployment = (container: object, pod: object = {}, spec: object = {}): string[] =>
  said('apps/v1', 'Deployment', {
    selector: { matchLabels: { app: 'a' } },
    template: {
      metadata: { labels: { app: 'a' } },
      spec: { containers: [{ name: 'main', image: 'a', ...container }], ...pod },
    },
    ...spec,
  });
const CONTAINER = 'spec.template.spec.containers[0]';

test('what users write is taken without a word', () => {
  const container = {
    env: [
      { name: 'my.env-NAME with 1 space' },
      { name: 'PATH', value: '/bin' },
      { name: 'PATH', value: '$(PATH):/opt' },
      { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'NULL', value: null, valueFrom: null },
    ],
    ports: [
      { containerPort: 53, protocol: 'UDP', name: 'dns' },
      { containerPort: 53, name: 'dns-tcp', hostPort: 53 },
    ],
    resources: {
      limits: { cpu: 1, memory: '1Gi', 'hugepages-2Mi': '4Mi', 'nvidia.com/gpu': 1 },
      requests: { cpu: '1000m', memory: '1024Mi', 'ephemeral-storage': '1e9' },
    },
    volumeMounts: [
      { name: 'tls', mountPath: '/tls' },
      { name: 'tls', mountPath: '/again' },
    ],
  };
  const pod = {
    volumes: [{ name: 'tls', secret: { secretName: 'tls' } }, { name: 'tmp' }],
    initContainers: [{ name: 'init', image: 'a', ports: [{ containerPort: 53, protocol: '' }] }],
  };
  expect(deployment(container, pod)).toEqual([]);
});

test.each<[container: object, problem: string]>([
  [{ env: [{ name: '' }] }, 'env[0].name is required'],
  [{ env: [{ name: 'A=B' }] }, 'env[0].name is "A=B", expected printable ASCII characters without ='],
  [{ env: [{ name: 'Ä' }] }, 'env[0].name is "Ä", expected printable ASCII characters without ='],
  [{ env: [{ name: 'A\n' }] }, 'env[0].name is "A\\n", expected printable ASCII characters without ='],
  [
    { env: [{ name: 'A', value: 'a', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
    'env[0].valueFrom stands beside value, expected one of them',
  ],
  [{ ports: [{ containerPort: 0 }] }, 'ports[0].containerPort is 0, expected a port from 1 to 65535'],
  [{ ports: [{ containerPort: 65536 }] }, 'ports[0].containerPort is 65536, expected a port from 1 to 65535'],
  [{ ports: [{ containerPort: 80, hostPort: -1 }] }, 'ports[0].hostPort is -1, expected a port from 1 to 65535'],
  [{ ports: [{ containerPort: 80, protocol: 'HTTP' }] }, 'ports[0].protocol is "HTTP", expected one of TCP, UDP, SCTP'],
  [
    { ports: [{ containerPort: 80, name: 'much-too-long-name' }] },
    'ports[0].name is "much-too-long-name", expected at most 15 lower-case letters, digits and single dashes, a letter among them',
  ],
  [
    {
      ports: [
        { containerPort: 80, name: 'http' },
        { containerPort: 81, name: 'http' },
      ],
    },
    'ports[1].name is "http", the name of another port',
  ],
  [
    { volumeMounts: [{ name: 'tls', mountPath: '/tls' }] },
    'volumeMounts[0].name is "tls", and the pod has no volume of that name',
  ],
  [
    { resources: { limits: { cpu: 'one' } } },
    'resources.limits.cpu is "one", expected a quantity of Kubernetes such as 250m or 128Mi',
  ],
  [
    { resources: { limits: { memory: '1GB' } } },
    'resources.limits.memory is "1GB", expected a quantity of Kubernetes such as 250m or 128Mi',
  ],
  [
    { resources: { requests: { cpu: '' } } },
    'resources.requests.cpu is "", expected a quantity of Kubernetes such as 250m or 128Mi',
  ],
  [
    { resources: { requests: { cpu: ['1'] } } },
    'resources.requests.cpu is ["1"], expected a quantity of Kubernetes such as 250m or 128Mi',
  ],
  [{ resources: { requests: { cpu: '-1' } } }, 'resources.requests.cpu is "-1", expected none below 0'],
  [
    { resources: { requests: { memroy: '1Gi' } } },
    'resources.requests.memroy is no resource of containers, expected cpu, memory, ephemeral-storage or <domain>/<name>',
  ],
  [
    { resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } },
    'resources.requests.memory is "2Gi", expected at most the limit, "1Gi"',
  ],
  [{ name: 'a_b' }, 'name is "a_b", expected at most 63 lower-case letters, digits and dashes'],
])('a container with %j is refused', (container, problem) => {
  expect(deployment(container)).toEqual([`${CONTAINER}.${problem}`]);
});

test.each<[container: object, problem: string]>([
  [{ env: [{ name: 'A', value: '1' }, { name: 'A' }] }, 'env[1] is A again: it hides the one before, or is dropped'],
  [{ ports: [{ containerPort: 80 }, { containerPort: 80 }] }, 'ports[1] is TCP 80, as ports[0] is already'],
  [
    { resources: { limits: { memory: '128m' } } },
    'resources.limits.memory is "128m", which is no whole number of bytes: m are thousandths, Mi is 1024 Ki',
  ],
])('a container with %j is taken, and kubectl warns', (container, problem) => {
  expect(deployment(container)).toEqual([`warning: ${CONTAINER}.${problem}`]);
});

const POD = 'spec.template.spec';

test.each<[pod: object, problem: string]>([
  [
    { volumes: [{ name: 'a' }, { name: 'a', emptyDir: {} }] },
    `${POD}.volumes[1].name is "a", the name of another volume`,
  ],
  [
    { volumes: [{ name: 'A' }] },
    `${POD}.volumes[0].name is "A", expected at most 63 lower-case letters, digits and dashes`,
  ],
  [
    { volumes: [{ name: 'a', emptyDir: {}, secret: { secretName: 'a' } }] },
    `${POD}.volumes[0] is of emptyDir and secret, expected one source`,
  ],
  [
    { initContainers: [{ name: 'main', image: 'a' }] },
    `${POD}.initContainers[0].name is "main", the name of another container`,
  ],
  [
    {
      containers: [
        { name: 'a', ports: [{ containerPort: 80, hostPort: 80 }] },
        { name: 'b', ports: [{ containerPort: 81, hostPort: 80 }] },
      ],
    },
    `${POD}.containers[1].ports[0].hostPort is 80, that of another port`,
  ],
  [
    {
      volumes: [{ name: 'a' }, { name: 'b' }],
      containers: [
        {
          name: 'a',
          volumeMounts: [
            { name: 'a', mountPath: '/a' },
            { name: 'b', mountPath: '/a' },
          ],
        },
      ],
    },
    `${CONTAINER}.volumeMounts[1].mountPath is "/a", that of another volume`,
  ],
  [
    { volumes: [{ name: 'a' }], containers: [{ name: 'a', volumeMounts: [{ name: 'a', mountPath: '' }] }] },
    `${CONTAINER}.volumeMounts[0].mountPath is required`,
  ],
])('a pod with %j is refused', (pod, problem) => {
  expect(deployment({}, pod)).toEqual([problem]);
});

test('a selector chooses the pods that are made', () => {
  const asked = 'which spec.selector asks of the pods';
  expect(deployment({}, {}, { selector: { matchLabels: { app: 'b' } } })).toEqual([
    `spec.template.metadata.labels.app is "a", expected "b", ${asked}`,
  ]);
  expect(deployment({}, {}, { selector: { matchLabels: { version: 'v1' } } })).toEqual([
    `spec.template.metadata.labels.version is missing, expected "v1", ${asked}`,
  ]);
});

const BAD = { containers: [{ name: 'a', env: [{ name: 'A=B' }] }] };

test.each<[apiVersion: string, kind: string, spec: object, at: string]>([
  ['v1', 'Pod', BAD, 'spec'],
  ['apps/v1', 'DaemonSet', { template: { spec: BAD } }, POD],
  ['apps/v1', 'ReplicaSet', { template: { spec: BAD } }, POD],
  ['apps/v1', 'StatefulSet', { template: { spec: BAD } }, POD],
  ['batch/v1', 'Job', { template: { spec: BAD } }, POD],
  ['batch/v1', 'CronJob', { jobTemplate: { spec: { template: { spec: BAD } } } }, `spec.jobTemplate.${POD}`],
])('pods of %s %s are judged', (apiVersion, kind, spec, at) => {
  const problem = 'containers[0].env[0].name is "A=B", expected printable ASCII characters without =';
  expect(said(apiVersion, kind, spec)).toEqual([`${at}.${problem}`]);
});

test('pods of a StatefulSet mount what it claims for them', () => {
  const spec = {
    template: { spec: { containers: [{ name: 'a', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] } },
  };
  expect(said('apps/v1', 'StatefulSet', { ...spec, volumeClaimTemplates: [{ metadata: { name: 'data' } }] })).toEqual(
    [],
  );
  expect(said('apps/v1', 'StatefulSet', spec)).toHaveLength(1);
});

test('fields of other types are told as that, and kinds of others are not looked at', () => {
  expect(deployment({ ports: [{ containerPort: '80' }] })[0]).toContain('ports[0].containerPort');
  expect(deployment({ env: 'A=B' })[0]).toContain('env');
  expect(deployment({ resources: [] })[0]).toContain('resources');
  expect(deployment({ resources: { limits: 'all' } })[0]).toContain('resources.limits');
  expect(deployment({ env: [null] })[0]).toContain('env[0]');
  expect(deployment({}, { containers: [null] })[0]).toContain('containers[0]');
  expect(said('apps/v1', 'Deployment', {})).toEqual([]);
  expect(said('apps/v1', 'Deployment', { template: null })).toEqual([]);
  expect(said('example.com/v1', 'Deployment', { template: { spec: BAD } })).toEqual([]);
});
