import {
  Address,
  ControlPlane,
  type ExistingGatewayProps,
  Fleet,
  Gateway,
  GatewayPort,
  type GatewayProps,
  type Mesh,
  type MeshProps,
  Ossm,
  RouteFront,
  type SmcpGatewayProps,
} from '../../lib';
import { Admission } from '../../lib/verify/admission/admission';
import { mesh, messageOf, objectsOf, synth } from '../support/model';

const ossm: Partial<MeshProps> = { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('prod-istio-system') };

function gateway(props: Partial<GatewayProps> = {}, meshProps: Partial<MeshProps> = {}) {
  return objectsOf((fleet) => {
    const production = mesh(fleet, 'production', meshProps, 'east');
    production.namespace('gateways');
    new Gateway(production, 'public', {
      kind: 'ingress',
      namespace: 'gateways',
      ...props,
    });
  });
}

/** Objects of a gateway's deployment. */
const deployment = ['Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget', 'Service', 'ServiceAccount'];

function kinds(manifests: { readonly kind: string }[]): string[] {
  return manifests.map(({ kind }) => kind).sort();
}

describe('a gateway by injection', () => {
  test('is deployed with all that it needs, and no right to read Secrets', () => {
    const objects = gateway({ denyByDefault: false });
    expect(kinds(objects.all)).toEqual(deployment);
    for (const { metadata } of objects.all) {
      expect(metadata).toEqual({ name: 'public', namespace: 'gateways', labels: { istio: 'public' } });
    }
    expect(objects.one('Deployment').spec).toEqual({
      selector: { matchLabels: { istio: 'public' } },
      template: {
        metadata: {
          annotations: { 'inject.istio.io/templates': 'gateway' },
          labels: { istio: 'public', 'sidecar.istio.io/inject': 'true' },
        },
        spec: {
          serviceAccountName: 'public',
          securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
          containers: [
            {
              name: 'istio-proxy',
              image: 'auto',
              resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
            },
          ],
        },
      },
    });
    expect(objects.one('PodDisruptionBudget').spec).toEqual({
      minAvailable: 1,
      selector: { matchLabels: { istio: 'public' } },
    });
    expect(objects.one('HorizontalPodAutoscaler').spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'public' },
    });
  });

  test('its Service names every port, mapped to ports that an unprivileged proxy can listen on', () => {
    expect(gateway().one('Service').spec).toEqual({
      type: 'LoadBalancer',
      selector: { istio: 'public' },
      ports: [
        { name: 'http2', port: 80, targetPort: 8080, protocol: 'TCP' },
        { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
      ],
    });
  });

  test('an egress gateway is for the mesh only', () => {
    expect(gateway({ kind: 'egress' }).one('Service').spec).toMatchObject({
      type: 'ClusterIP',
      ports: [{ name: 'https', port: 443, targetPort: 8443 }],
    });
  });

  test('a fixed number of pods is stated and not scaled; a single pod can be drained', () => {
    const fixed = gateway({ replicas: [3, 3], denyByDefault: false });
    expect(kinds(fixed.all)).toEqual(deployment.filter((kind) => kind !== 'HorizontalPodAutoscaler'));
    expect(fixed.one('Deployment').spec).toMatchObject({ replicas: 3 });
    const single = gateway({ replicas: [1, 1], denyByDefault: false });
    expect(kinds(single.all)).toEqual(['Deployment', 'Service', 'ServiceAccount']);
    expect(kinds(gateway({ replicas: [1, 2], denyByDefault: false }).all)).toContain('HorizontalPodAutoscaler');
  });

  test('one IP address is asked of the load balancer; several, and names, are only how others reach it', () => {
    const spec = (address: Address) => gateway({ address }).one('Service').spec;
    expect(spec(Address.ip('192.0.2.1'))).toMatchObject({ type: 'LoadBalancer', loadBalancerIP: '192.0.2.1' });
    expect(spec(Address.ip('192.0.2.1', '192.0.2.2'))).not.toHaveProperty('loadBalancerIP');
    expect(spec(Address.hostname('lb.example.com'))).not.toHaveProperty('loadBalancerIP');
  });

  test('its Service is no load balancer where its own name is the address, which pods of the cluster alone dial', () => {
    const typeAt = (host: string) => gateway({ address: Address.hostname(host) }).one('Service').spec;
    expect(typeAt('public.gateways.svc.cluster.local')).toMatchObject({ type: 'ClusterIP' });
    expect(typeAt('public.other.svc.cluster.local')).toMatchObject({ type: 'LoadBalancer' });
    expect(typeAt('public.gateways.svc.other.example')).toMatchObject({ type: 'LoadBalancer' });
  });

  test('a NodePort is that of the Service', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 });
    expect(gateway({ address, ports: [GatewayPort.https()] }).one('Service').spec).toMatchObject({
      type: 'NodePort',
      ports: [{ name: 'https', port: 443, targetPort: 8443, nodePort: 30443 }],
    });
  });

  test('each port has a NodePort of its own', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1'], ports: { 443: 30443, 80: 30080 } });
    expect(gateway({ address }).one('Service').spec).toMatchObject({
      type: 'NodePort',
      ports: [
        { name: 'http2', port: 80, targetPort: 8080, nodePort: 30080 },
        { name: 'https', port: 443, targetPort: 8443, nodePort: 30443 },
      ],
    });
  });

  test('behind a Route it needs no load balancer, as the router dials its pods; with an address it has one', () => {
    const route = RouteFront.passthrough();
    expect(gateway({ route }).one('Service').spec).toMatchObject({ type: 'ClusterIP' });
    expect(gateway({ route, address: Address.hostname('lb.example.com') }).one('Service').spec).toMatchObject({
      type: 'LoadBalancer',
    });
  });

  test('on OpenShift Service Mesh 2 callers from outside the mesh are let in, to an ingress gateway only', () => {
    expect(gateway({}, ossm).one('NetworkPolicy').spec).toEqual({
      podSelector: { matchLabels: { istio: 'public' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          ports: [
            { port: 8080, protocol: 'TCP' },
            { port: 8443, protocol: 'TCP' },
          ],
        },
      ],
    });
    expect(gateway({ kind: 'egress' }, ossm).find('NetworkPolicy')).toEqual([]);
    expect(gateway().find('NetworkPolicy')).toEqual([]);
  });

  test.each<[string, Partial<GatewayProps>, string]>([
    [
      'replicas',
      { replicas: [3, 2] },
      'MESH1113 replicas [3, 2] is malformed; expected whole numbers [fewest, most] with 1 <= fewest <= most',
    ],
    [
      'no replicas',
      { replicas: [0, 2] },
      'MESH1113 replicas [0, 2] is malformed; expected whole numbers [fewest, most] with 1 <= fewest <= most',
    ],
    [
      'half a replica',
      { replicas: [1, 2.5] },
      'MESH1113 replicas [1, 2.5] is malformed; expected whole numbers [fewest, most] with 1 <= fewest <= most',
    ],
    [
      'one NodePort, two ports',
      { address: Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }) },
      'MESH1114 Address.nodePort names one port (30443), the gateway has 80 and 443; state one of each: ports: { 80: …, 443: … }',
    ],
    [
      'a port without a NodePort',
      { address: Address.nodePort({ nodes: ['192.0.2.1'], ports: { 443: 30443 } }) },
      'MESH1114 Address.nodePort states node ports of 443, the gateway has 80 and 443; state the one of 80, too',
    ],
    [
      'a NodePort of no port',
      {
        address: Address.nodePort({ nodes: ['192.0.2.1'], ports: { 443: 30443, 8443: 30444 } }),
        ports: [GatewayPort.https()],
      },
      'MESH1114 Address.nodePort states node ports of 443 and 8443, the gateway has 443; leave 8443 out',
    ],
    [
      'an egress gateway with an address',
      { kind: 'egress', address: Address.hostname('lb.example.com') },
      'MESH1108 an egress gateway has no address or Route; nothing calls it from outside',
    ],
    [
      'an egress gateway with TLS for clients',
      { kind: 'egress', serverTls: { minProtocolVersion: 'TLSV1_3' } },
      'MESH1108 an egress gateway has no serverTls; proxies of its own mesh call it, which agree with it',
    ],
    [
      'TLS that says nothing',
      { serverTls: {} },
      'MESH1159 serverTls says nothing; state minProtocolVersion, maxProtocolVersion or cipherSuites, or leave it out',
    ],
    [
      'an egress gateway with a Route',
      { kind: 'egress', route: RouteFront.passthrough() },
      'MESH1108 an egress gateway has no address or Route; nothing calls it from outside',
    ],
    [
      'no ports',
      { ports: [] },
      'MESH1111 the list of ports is empty; state at least one, or leave it out for the default',
    ],
    [
      'a port twice',
      { ports: [GatewayPort.https(443), GatewayPort.tls(443)] },
      'MESH1111 ports https 443, tls-443 443 repeat a number; expected each once',
    ],
    [
      'a container port twice',
      { ports: [GatewayPort.https(443, 8443), GatewayPort.https(8443)] },
      'MESH1111 ports https 443, https-8443 8443 lead to container port 8443 twice; expected each once',
    ],
  ])('%s is refused', (_, props, message) => {
    const [code, ...words] = message.split(' ');
    expect(messageOf(() => gateway(props))).toBe(`${code} east/production/public: ${words.join(' ')}`);
  });

  test('malformed names are refused', () => {
    const production = mesh(new Fleet(), 'production', {}, 'east');
    expect(messageOf(() => new Gateway(production, 'a.b', { kind: 'ingress', namespace: 'gateways' }))).toContain(
      "MESH1001 east/production: gateway id 'a.b' is no DNS label",
    );
    expect(messageOf(() => new Gateway(production, '1st', { kind: 'ingress', namespace: 'gateways' }))).toBe(
      "MESH1001 east/production: gateway id '1st' begins with a digit; expected a letter, because Kubernetes accepts no such Service (RFC 1035)",
    );
    expect(messageOf(() => new Gateway(production, 'a', { kind: 'ingress', namespace: 'Gateways' }))).toContain(
      "namespace 'Gateways' is no DNS label",
    );
  });
});

describe('a gateway that exists', () => {
  const existing = (production: Mesh, selector: Record<string, string> = { istio: 'ingressgateway' }) =>
    Gateway.existing(production, 'public', { kind: 'ingress', namespace: 'istio-ingress', selector });

  test('is a fact: nothing is written, and nothing is denied that was not before', () => {
    expect(objectsOf((fleet) => existing(mesh(fleet, 'production'))).all).toEqual([]);
    const gateway = existing(mesh(new Fleet(), 'production'));
    expect(gateway).toMatchObject({
      name: 'public',
      service: 'public',
      serviceAccount: 'public',
      host: 'public.istio-ingress.svc.cluster.local',
      denyByDefault: false,
    });
    expect(gateway.identity.value).toBe('production.example/ns/istio-ingress/sa/public');
  });

  test('says how its Service and ServiceAccount are called', () => {
    const gateway = Gateway.existing(mesh(new Fleet(), 'production'), 'public', {
      kind: 'ingress',
      namespace: 'istio-system',
      selector: { istio: 'ingressgateway' },
      service: 'istio-ingressgateway',
    });
    expect(gateway.host).toBe('istio-ingressgateway.istio-system.svc.cluster.local');
    expect(gateway.identity.value).toBe('production.example/ns/istio-system/sa/istio-ingressgateway');
  });

  test('an empty selector would select every pod', () => {
    expect(messageOf(() => existing(mesh(new Fleet(), 'production', {}, 'east'), {}))).toBe(
      'MESH1110 east/production/public: the selector is empty, so it would select every pod; state the labels of the gateway pods',
    );
  });
});

describe('a gateway that the ServiceMeshControlPlane deploys', () => {
  const control = (build: (production: Mesh) => void) =>
    objectsOf((fleet) => build(mesh(fleet, 'production', ossm))).one('ServiceMeshControlPlane').spec as {
      gateways: unknown;
    };

  test('the standard ones are sections of their own; others are additional, sorted', () => {
    const { gateways } = control((production) => {
      Gateway.smcp(production, 'istio-ingressgateway', { kind: 'ingress' });
      Gateway.smcp(production, 'egress-b', { kind: 'egress' });
      Gateway.smcp(production, 'egress-a', { kind: 'egress' });
    });
    const service = (istio: string, ports: object[]) => ({
      type: istio === 'ingressgateway' ? 'LoadBalancer' : 'ClusterIP',
      metadata: { labels: { istio } },
      ports,
    });
    const https = { name: 'https', port: 443, targetPort: 8443 };
    const additional = (name: string) => ({
      enabled: true,
      namespace: 'prod-istio-system',
      service: service(name, [https]),
    });
    expect(gateways).toEqual({
      openshiftRoute: { enabled: false },
      ingress: {
        enabled: true,
        service: service('ingressgateway', [{ name: 'http2', port: 80, targetPort: 8080 }, https]),
      },
      egress: { enabled: false },
      additionalEgress: { 'egress-a': additional('egress-a'), 'egress-b': additional('egress-b') },
    });
    expect(Object.keys((gateways as { additionalEgress: object }).additionalEgress)).toEqual(['egress-a', 'egress-b']);
  });

  test('its Service is what the address asks for: load balancer, ports of nodes, or nothing behind a Route', () => {
    const service = (props: Partial<SmcpGatewayProps>, id = 'wan') => {
      const { gateways } = control((production) => {
        Gateway.smcp(production, id, { kind: 'ingress', ports: [GatewayPort.https(), GatewayPort.tls()], ...props });
      });
      const { ingress, additionalIngress } = gateways as Record<string, Record<string, { service: object }>>;
      return id === 'wan' ? additionalIngress.wan.service : ingress.service;
    };
    expect(service({ address: Address.hostname('lb.example.com', { port: 8443 }) })).toMatchObject({
      type: 'LoadBalancer',
      ports: [
        { name: 'https', port: 443, targetPort: 8443 },
        { name: 'tls', port: 15443, targetPort: 15443 },
      ],
    });
    expect(service({ address: Address.ip('192.0.2.1') })).toMatchObject({ loadBalancerIP: '192.0.2.1' });
    expect(service({ address: Address.ip('192.0.2.1', '192.0.2.2') })).not.toHaveProperty('loadBalancerIP');
    expect(service({ route: RouteFront.passthrough() })).toMatchObject({ type: 'ClusterIP' });
    const address = Address.nodePort({ nodes: ['192.0.2.1'], ports: { 443: 30443, 15443: 31443 } });
    for (const id of ['wan', 'istio-ingressgateway']) {
      expect(service({ address }, id)).toMatchObject({
        type: 'NodePort',
        ports: [
          { name: 'https', port: 443, targetPort: 8443, nodePort: 30443 },
          { name: 'tls', port: 15443, targetPort: 15443, nodePort: 31443 },
        ],
      });
    }
  });

  test('every such Service keeps to the schema of the ServiceMeshControlPlane', () => {
    const admission = new Admission(Ossm.v2_6().bundles);
    const nodes = ['192.0.2.1'];
    for (const address of [
      Address.ip('192.0.2.1'),
      Address.hostname('lb.example.com', { port: 8443 }),
      Address.nodePort({ nodes, ports: { 80: 30080, 443: 30443 } }),
    ]) {
      const objects = objectsOf((fleet) => {
        Gateway.smcp(mesh(fleet, 'production', ossm), 'wan', { kind: 'ingress', address });
      });
      expect(objects.all.flatMap((object) => admission.judge(object))).toEqual([]);
    }
  });

  test('its pods carry the labels by which Gateway resources select them, and an account of the operator', () => {
    const gateway = Gateway.smcp(mesh(new Fleet(), 'production', ossm), 'istio-ingressgateway', { kind: 'ingress' });
    expect(gateway.selector).toEqual({ istio: 'ingressgateway' });
    expect(gateway.identity.value).toBe(
      'production.example/ns/prod-istio-system/sa/istio-ingressgateway-service-account',
    );
  });

  test('without any, both standard ones are switched off', () => {
    expect(control(() => {}).gateways).toEqual({
      openshiftRoute: { enabled: false },
      ingress: { enabled: false },
      egress: { enabled: false },
    });
  });

  test('of a control plane that somebody else writes, the fragment is printed', () => {
    const production = mesh(
      new Fleet(),
      'production',
      { ...ossm, controlPlane: ControlPlane.existing('istio-system') },
      'ocp',
    );
    const message = messageOf(() =>
      Gateway.smcp(production, 'wan-ingress', { kind: 'ingress', ports: [GatewayPort.tls()] }),
    );
    const [line, ...fragment] = message.split('\n');
    expect(line).toBe(
      'MESH1115 ocp/production/wan-ingress: the ServiceMeshControlPlane exists and is not ours to write; add this gateway to it and use Gateway.existing:',
    );
    expect(JSON.parse(fragment.join('\n'))).toEqual({
      gateways: {
        ingress: { enabled: false },
        egress: { enabled: false },
        additionalIngress: {
          'wan-ingress': {
            enabled: true,
            namespace: 'istio-system',
            service: {
              type: 'LoadBalancer',
              metadata: { labels: { istio: 'wan-ingress' } },
              ports: [{ name: 'tls', port: 15443, targetPort: 15443 }],
            },
          },
        },
      },
    });
  });

  test('needs OpenShift Service Mesh 2', () => {
    expect(messageOf(() => Gateway.smcp(mesh(new Fleet(), 'production', {}, 'east'), 'a', { kind: 'ingress' }))).toBe(
      'MESH1105 east/production/a: Gateway.smcp needs ServiceMeshControlPlane, which Istio 1.31 does not have: it is an object of OpenShift Service Mesh 2; use ControlPlane.existing or ControlPlane.sail',
    );
  });
});

describe('what it refuses by default', () => {
  const denyAll = (props: Partial<GatewayProps>) => gateway(props).find('AuthorizationPolicy');

  test('an ingress gateway that we deploy: every call, from the moment it is there', () => {
    expect(denyAll({})).toEqual([
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'public.deny-all', namespace: 'gateways' },
        spec: { selector: { matchLabels: { istio: 'public' } } },
      },
    ]);
  });

  test('nothing, where that is said', () => {
    expect(denyAll({ denyByDefault: false })).toEqual([]);
  });
});

describe('portFor', () => {
  const ports = (...list: GatewayPort[]) =>
    new Gateway(mesh(new Fleet(), 'production', {}, 'east'), 'public', {
      kind: 'ingress',
      namespace: 'gateways',
      ports: list,
    });

  test('is the first of the kind; TLS that is passed on may share the port of TLS that is ended', () => {
    expect(ports(GatewayPort.https(8443), GatewayPort.https(443, 9443)).portFor('https').number).toBe(8443);
    expect(ports(GatewayPort.https()).portFor('tls').number).toBe(443);
    expect(ports(GatewayPort.https(), GatewayPort.tls()).portFor('tls').number).toBe(15443);
  });

  test('without one is refused', () => {
    expect(messageOf(() => ports(GatewayPort.tls(), GatewayPort.http()).portFor('https'))).toBe(
      'MESH1112 east/production/public: the gateway has no https port, it has tls 15443, http 80; add GatewayPort.https()',
    );
  });
});

test('fleet.json says how other clusters reach it', () => {
  const { 'fleet.json': text } = synth((fleet) => {
    new Gateway(mesh(fleet, 'production', {}, 'east'), 'public', {
      kind: 'ingress',
      namespace: 'gateways',
      ports: [GatewayPort.https()],
      address: Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }),
      route: RouteFront.passthrough(),
    });
  });
  expect(JSON.parse(text).meshes[0].gateways).toEqual([
    {
      name: 'public',
      kind: 'ingress',
      namespace: 'gateways',
      service: 'public',
      selector: { istio: 'public' },
      identity: 'production.example/ns/gateways/sa/public',
      ports: [{ name: 'https', number: 443, targetPort: 8443 }],
      address: { kind: 'nodePort', hosts: ['192.0.2.1'], port: 30443 },
      route: 'passthrough',
      denyByDefault: true,
    },
  ]);
});

describe('the port of a gateway that exists', () => {
  const existing = (props: Partial<ExistingGatewayProps>) =>
    Gateway.existing(mesh(new Fleet(), 'production', {}, 'east'), 'public', {
      kind: 'ingress',
      namespace: 'istio-system',
      selector: { istio: 'ingressgateway' },
      ...props,
    });

  test('is stated where policies name it', () => {
    const wrong = (port: number, call: string, listens: number) =>
      `MESH1120 east/production/public: the gateway denies by default, so policies name the port that its pods listen on, which nobody states for port ${port}; state ports: [${call}], if its pods listen on ${listens} (Istio's Helm chart listens on ${port})`;
    expect(messageOf(() => existing({ denyByDefault: true }))).toBe(wrong(80, 'GatewayPort.http(80, 8080)', 8080));
    expect(messageOf(() => existing({ denyByDefault: true, ports: [GatewayPort.https()] }))).toBe(
      wrong(443, 'GatewayPort.https(443, 8443)', 8443),
    );
    expect(messageOf(() => existing({ denyByDefault: true, ports: [GatewayPort.tls()] }))).toBe(
      wrong(15443, 'GatewayPort.tls(15443, 15443)', 15443),
    );
  });

  test('has a name that is stated where a Route leads to it', () => {
    const behind = (...ports: GatewayPort[]) => messageOf(() => existing({ ports, route: RouteFront.http() }));
    expect(behind(GatewayPort.https(), GatewayPort.http(8080))).toBe(
      "MESH1120 east/production/public: a Route names the port of the gateway's Service, and nobody states the name of port 8080; state it as the Service has it, such as ports: [GatewayPort.http(8080).named('http')]",
    );
    expect(existing({ ports: [GatewayPort.http(8080).named('http')], route: RouteFront.http() }).ports[0].name).toBe(
      'http',
    );
    expect(existing({ ports: [GatewayPort.http(8080)] }).ports[0].name).toBe('http2-8080');
    expect(existing({ route: RouteFront.passthrough() }).ports.map(({ name }) => name)).toEqual(['http2', 'https']);
  });

  test('as what it is, also where it is the one of our own gateways', () => {
    expect(existing({ denyByDefault: true, ports: [GatewayPort.https(443, 443)] }).ports[0].targetPort).toBe(443);
    expect(existing({ denyByDefault: true, ports: [GatewayPort.https(443, 8443)] }).ports[0].targetPort).toBe(8443);
  });

  test("is nobody's business where no policy names it", () => {
    expect(existing({}).ports.map(({ number }) => number)).toEqual([80, 443]);
  });
});
