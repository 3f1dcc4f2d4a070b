import { Address, ControlPlane, Fleet, Gateway, type GatewayProps, Ossm, type SmcpGatewayProps } from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';

const WHERE = 'shop-cluster/shop/public';

/** What a gateway by injection writes with such options. */
const objects = (props: Partial<GatewayProps>) =>
  objectsOf((fleet) => {
    new Gateway(mesh(fleet, 'shop'), 'public', { kind: 'ingress', namespace: 'gateways', ...props });
  });

/** The gateways of a ServiceMeshControlPlane. */
const smcp = (props: Partial<SmcpGatewayProps>, id = 'istio-ingressgateway') => {
  const found = objectsOf((fleet) => {
    const shop = mesh(fleet, 'shop', { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('istio-system') });
    Gateway.smcp(shop, id, { kind: 'ingress', ...props });
  }).one('ServiceMeshControlPlane').spec as { gateways: Record<string, unknown> };
  return found.gateways;
};

/** Why such options are refused. */
const refused = (props: unknown, kind: 'ingress' | 'egress' = 'ingress') =>
  messageOf(() => new Gateway(mesh(new Fleet(), 'shop'), 'public', { kind, namespace: 'a', ...(props as object) }));
const refusedSmcp = (props: unknown) =>
  messageOf(() => {
    const controlPlane = ControlPlane.smcp('istio-system');
    const shop = mesh(new Fleet(), 'shop', { platform: Ossm.v2_6(), controlPlane });
    return Gateway.smcp(shop, 'public', { kind: 'ingress', ...(props as object) });
  });

const podOf = (props: Partial<GatewayProps>) =>
  (objects(props).one('Deployment').spec as { template: { metadata: object; spec: Record<string, unknown> } }).template;

describe('the Service of a gateway', () => {
  test('carries what its load balancer is told', () => {
    const service = objects({
      serviceAnnotations: {
        'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
        'external-dns.alpha.kubernetes.io/hostname': 'shop.example',
      },
      serviceLabels: { team: 'platform' },
      loadBalancerClass: 'example.com/internal',
      loadBalancerSourceRanges: ['203.0.113.0/24', '198.51.100.7', '203.0.113.0/24', '2001:db8::1'],
    }).one('Service');
    expect(service.metadata).toMatchObject({
      labels: { istio: 'public', team: 'platform' },
      annotations: {
        'external-dns.alpha.kubernetes.io/hostname': 'shop.example',
        'service.beta.kubernetes.io/azure-load-balancer-internal': 'true',
      },
    });
    expect(service.spec).toMatchObject({
      type: 'LoadBalancer',
      selector: { istio: 'public' },
      loadBalancerClass: 'example.com/internal',
      loadBalancerSourceRanges: ['198.51.100.7/32', '2001:db8::1/128', '203.0.113.0/24'],
    });
  });

  test('of a ServiceMeshControlPlane carries it in its section', () => {
    const front = {
      serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
      serviceLabels: { team: 'platform' },
      loadBalancerSourceRanges: ['203.0.113.0/24'],
    };
    const service = {
      type: 'LoadBalancer',
      loadBalancerSourceRanges: ['203.0.113.0/24'],
      metadata: {
        labels: { istio: 'ingressgateway', team: 'platform' },
        annotations: { 'networking.gke.io/load-balancer-type': 'Internal' },
      },
    };
    expect(smcp(front)).toMatchObject({ ingress: { service } });
    const labels = { istio: 'public', team: 'platform' };
    expect(smcp(front, 'public')).toMatchObject({
      additionalIngress: { public: { service: { ...service, metadata: { ...service.metadata, labels } } } },
    });
  });

  test('is not open where a value means that it shall not be', () => {
    expect(refused({ serviceAnnotations: { 'networking.gke.io/load-balancer-type': 'internel' } })).toBe(
      `MESH1167 ${WHERE}: annotation networking.gke.io/load-balancer-type has the value 'internel', which its cloud does not know, so that the load balancer may be for everybody; expected 'Internal' or 'internal'`,
    );
    expect(
      refusedSmcp({ serviceAnnotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'Internal' } }),
    ).toBe(
      `MESH1167 ${WHERE}: annotation service.beta.kubernetes.io/aws-load-balancer-scheme has the value 'Internal', which its cloud does not know, so that the load balancer may be for everybody; expected 'internal' or 'internet-facing'`,
    );
  });

  test('says nothing to a load balancer that does not stand before it', () => {
    const unread = (what: string, type: string) =>
      `MESH1167 ${WHERE}: ${what} is stated, but the Service of the gateway is of type ${type}, which no load balancer of a cloud stands before; leave it out`;
    expect(refused({ loadBalancerClass: 'a' }, 'egress')).toBe(unread('loadBalancerClass', 'ClusterIP'));
    const nodes = Address.nodePort({ nodes: ['192.0.2.1'], ports: { 80: 30080, 443: 30443 } });
    const annotation = 'service.beta.kubernetes.io/azure-load-balancer-internal';
    expect(refused({ serviceAnnotations: { [annotation]: 'true' }, address: nodes })).toBe(
      unread(`annotation ${annotation}`, 'NodePort'),
    );
    expect(refused({ loadBalancerSourceRanges: ['192.0.2.0/24'], address: nodes })).toBe(
      unread('loadBalancerSourceRanges', 'NodePort'),
    );
  });

  test('has no malformed class, range, label or annotation, and keeps those that are ours', () => {
    expect(refused({ loadBalancerClass: 'a b' })).toBe(
      `MESH1167 ${WHERE}: loadBalancerClass 'a b' is malformed; expected one such as 'example.com/internal-vip'`,
    );
    expect(refused({ loadBalancerSourceRanges: ['10.0.0.1/8'] })).toMatch(
      /^MESH1151 .*: 'loadBalancerSourceRanges' has '10\.0\.0\.1\/8'/,
    );
    expect(refused({ serviceLabels: { istio: 'other' } })).toBe(
      `MESH1166 ${WHERE}: serviceLabels states 'istio', by which the gateway is found, injected or owned; leave it out`,
    );
    expect(refused({ serviceLabels: { 'app.kubernetes.io/part-of': 'x' } })).toMatch(
      /^MESH1166 .* 'app.kubernetes.io\/part-of'/,
    );
    expect(refusedSmcp({ serviceLabels: { 'istio.io/rev': 'x' } })).toMatch(/^MESH1166 .* 'istio.io\/rev'/);
    expect(refused({ serviceAnnotations: { 'networking.istio.io/exportTo': '~' } })).toMatch(
      /^MESH1166 .* 'networking.istio.io\/exportTo'/,
    );
    expect(refused({ serviceAnnotations: { 'a b': 'x' } })).toBe(
      `MESH1166 ${WHERE}: serviceAnnotations has the malformed key 'a b'; expected one such as 'team' or 'example.com/team'`,
    );
    expect(refused({ serviceLabels: { team: 'a b' } })).toBe(
      `MESH1166 ${WHERE}: serviceLabels has 'team' with the malformed value 'a b'; expected at most 63 letters, digits, dashes, dots and underscores`,
    );
  });
});

describe('the pods of a gateway', () => {
  test('ask for what those of Istio ask for, unless it is stated', () => {
    const containers = [{ name: 'istio-proxy', image: 'auto' }];
    expect(podOf({}).spec.containers).toEqual([
      {
        ...containers[0],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
      },
    ]);
    const resources = { requests: { cpu: '1', 'ephemeral-storage': '1Gi' }, limits: { cpu: '1.5' } };
    expect(podOf({ resources }).spec.containers).toEqual([{ ...containers[0], resources }]);
  });

  test('run where it is stated, and spread among themselves', () => {
    const placement = {
      nodeSelector: { 'node-role.kubernetes.io/infra': '' },
      tolerations: [{ key: 'infra', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
      priorityClassName: 'system-cluster-critical',
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { istio: 'public' } } },
          ],
        },
      },
    };
    const spread = { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway' };
    expect(podOf({ ...placement, topologySpreadConstraints: [spread] }).spec).toMatchObject({
      ...placement,
      topologySpreadConstraints: [{ ...spread, labelSelector: { matchLabels: { istio: 'public' } } }],
    });
  });

  test('carry annotations beside those of injection', () => {
    const config = '{"concurrency":2}';
    expect(podOf({ podAnnotations: { 'proxy.istio.io/config': config } }).metadata).toMatchObject({
      annotations: { 'inject.istio.io/templates': 'gateway', 'proxy.istio.io/config': config },
    });
    expect(refused({ podAnnotations: { 'inject.istio.io/templates': 'sidecar' } })).toBe(
      `MESH1166 ${WHERE}: podAnnotations states 'inject.istio.io/templates', by which the gateway is found, injected or owned; leave it out`,
    );
    expect(refused({ podAnnotations: { 'sidecar.istio.io/inject': 'false' } })).toMatch(/^MESH1166 /);
  });

  test('of a ServiceMeshControlPlane get it by its runtime section', () => {
    const tolerations = [{ key: 'infra', value: 'yes', effect: 'NoSchedule' }];
    const props = {
      resources: { limits: { memory: '512Mi' } },
      podAnnotations: { 'example.com/team': 'platform' },
      nodeSelector: { pool: 'infra' },
      priorityClassName: 'high',
      tolerations,
    };
    expect(smcp(props)).toMatchObject({
      ingress: {
        runtime: {
          container: { resources: { limits: { memory: '512Mi' } } },
          pod: {
            metadata: { annotations: { 'example.com/team': 'platform' } },
            nodeSelector: { pool: 'infra' },
            priorityClassName: 'high',
            tolerations,
          },
        },
      },
    });
    expect(smcp({}).ingress).not.toHaveProperty('runtime');
    expect(smcp(props, 'public')).toMatchObject({ additionalIngress: { public: { runtime: { pod: {} } } } });
  });

  test.each([
    [{ resources: {} }, 'MESH1164', 'resources states nothing; state requests or limits, or leave it out'],
    [
      { resources: { requests: {} } },
      'MESH1164',
      'resources.requests states nothing; state cpu or memory, or leave it out',
    ],
    [
      { resources: { limits: {} }, replicas: [2, 2] },
      'MESH1164',
      'resources.limits states nothing; state cpu or memory, or leave it out',
    ],
    [
      { resources: { requests: { cpu: '1c' } } },
      'MESH1164',
      "resources.requests has cpu '1c', which is no amount of it; expected one such as '250m' or '1.5'",
    ],
    [
      { resources: { requests: { cpu: '1', memory: '400m' } } },
      'MESH1164',
      "resources.requests has memory '400m', which is no amount of it; expected one such as '128Mi'",
    ],
    [
      { resources: { requests: { cpu: '0' } } },
      'MESH1164',
      "resources.requests has cpu '0', which is no amount of it; expected one such as '250m' or '1.5'",
    ],
    [
      { resources: { requests: { cpu: '1', 'ephemeral-storage': '' } } },
      'MESH1164',
      "resources.requests has ephemeral-storage '', which is no amount of it; expected one such as '1Gi'",
    ],
    [
      { resources: { requests: { cpu: '2' }, limits: { cpu: '1500m' } } },
      'MESH1164',
      'resources.requests has cpu 2, more than its limit 1500m; expected at most that',
    ],
    [
      { resources: { requests: { cpu: '1', 'nvidia.com/gpu': '1' } } },
      'MESH1006',
      "'nvidia.com/gpu' is not an option of 'requests' of 'resources', expected cpu, memory, ephemeral-storage",
    ],
    [
      { resources: { limits: { memory: '1Gi' } } },
      'MESH1164',
      'resources requests no cpu, and the gateway scales on the part of it that it uses; state requests: { cpu: … }, or replicas: [n, n]',
    ],
    [
      { resources: { requests: { cpu: 1 } } },
      'MESH1006',
      "'cpu' of 'requests' of 'resources' is the number 1, expected a text",
    ],
    [{ resources: null }, 'MESH1006', "'resources' is null"],
    [{ nodeSelector: {} }, 'MESH1165', 'nodeSelector is empty; leave it out'],
    [{ tolerations: [] }, 'MESH1165', 'tolerations is empty; leave it out'],
    [{ affinity: {} }, 'MESH1165', 'affinity is empty; leave it out'],
    [{ priorityClassName: '' }, 'MESH1165', 'priorityClassName is empty; leave it out'],
    [{ nodeSelector: { pool: 1 } }, 'MESH1006', "'pool' of 'nodeSelector' is the number 1, expected a text"],
    [
      { tolerations: [{ value: 'a' }] },
      'MESH1165',
      "a toleration without key has operator Equal, which compares a value; state key, or operator: 'Exists' for every taint",
    ],
    [
      { tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] },
      'MESH1165',
      "the toleration of 'a' has operator Exists and value 'b'; leave one of them out",
    ],
    [
      { tolerations: [{ key: 'a', tolerationSeconds: 5 }] },
      'MESH1165',
      "the toleration of 'a' has tolerationSeconds, which are for effect NoExecute, and effect is not stated; leave one of them out",
    ],
    [{ tolerations: [{ key: 'a', effect: 'noExecute' }] }, 'MESH1006', "'effect' of 'tolerations'[0]"],
    [
      { affinity: { nodeAffinity: { preferred: [] } } },
      'MESH1006',
      "'preferred' is not an option of 'nodeAffinity' of 'affinity', expected requiredDuringSchedulingIgnoredDuringExecution, preferredDuringSchedulingIgnoredDuringExecution",
    ],
    [
      { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] },
      'MESH1165',
      'topologySpreadConstraints for zone has maxSkew 0; expected a whole number, 1 or more',
    ],
    [
      {
        topologySpreadConstraints: [1, 2].map((maxSkew) => ({
          ...{ maxSkew, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' },
        })),
      },
      'MESH1165',
      'topologySpreadConstraints for zone with ScheduleAnyway is there twice; state it once',
    ],
    [
      { priorityClassName: 'High priority' },
      'MESH1165',
      "priorityClassName 'High priority' is malformed; expected one such as 'high-priority'",
    ],
    [
      { nodeSelector: { disk: 's s d' } },
      'MESH1165',
      "nodeSelector has 'disk: s s d', which no node has as a label; expected one such as 'disk: ssd'",
    ],
    [
      { nodeSelector: { 'a b': 'c' } },
      'MESH1165',
      "nodeSelector has 'a b: c', which no node has as a label; expected one such as 'disk: ssd'",
    ],
  ])('are refused with %j', (props, code, message) => {
    expect(refused(props).slice(0, `${code} ${WHERE}: ${message}`.length)).toBe(`${code} ${WHERE}: ${message}`);
  });
});

test('options of a deployment that is not ours are refused, not dropped', () => {
  const existing = (props: object) =>
    messageOf(() =>
      Gateway.existing(mesh(new Fleet(), 'shop'), 'public', {
        ...{ kind: 'ingress', namespace: 'a', selector: { a: 'b' } },
        ...props,
      }),
    );
  expect(existing({ resources: { requests: { cpu: '1' } } })).toBe(
    `MESH1169 ${WHERE}: 'resources' is stated, but the gateway exists, and nothing of its deployment is written; leave it out`,
  );
  expect(existing({ serviceAnnotations: {} })).toMatch(/^MESH1169 .*'serviceAnnotations'/);
  expect(existing({ replicas: [1, 1] })).toMatch(/^MESH1169 .*'replicas'/);
  expect(refusedSmcp({ affinity: {} })).toBe(
    `MESH1169 ${WHERE}: 'affinity' is stated, but a ServiceMeshControlPlane has no field for it; leave it out`,
  );
  expect(refusedSmcp({ loadBalancerClass: 'a' })).toMatch(/^MESH1169 .*'loadBalancerClass'/);
});
