import * as fc from 'fast-check';
import {
  Access,
  ControlPlane,
  Credential,
  DirectPeering,
  External,
  Fleet,
  Gateway,
  type GatewayProps,
  Identity,
  Ossm,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import type { ClusterManifests } from '../../../lib/testing';
import { agencyAndPartner, messageOf, objectsOf } from '../../support/model';

const HOST = 'insurances.partner.example';
const signer = TrustBundle.declared('ca');
const mutual = PeeringTls.mutual({
  client: Credential.secret('client', { identity: Identity.spiffe('agency.example/egress'), signer }),
  server: Credential.secret('server', { identity: Identity.dns(HOST), signer }),
});

interface Exposing {
  readonly allow: Access[];
  readonly gateway?: Partial<GatewayProps>;
  readonly host?: string;
  readonly subset?: string;
}

/** A service exposed in clear text. */
function plain({ allow, gateway, host = HOST, subset }: Exposing) {
  return (fleet: Fleet) => {
    const { agency: consumer, partner: provider, ingress, broker } = agencyAndPartner(fleet, gateway);
    new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: PeeringTls.plain() }).expose(broker, {
      host,
      allow,
      subset,
    });
  };
}

const http = (manifests: ClusterManifests) =>
  (manifests.one('VirtualService').spec as { http: { match?: object[] }[] }).http;

describe('a gateway whose routes are all that limits it', () => {
  const open = { denyByDefault: false };

  test('one VirtualService per exposure, in the chart of the peering; what it does not match does not exist', () => {
    const objects = objectsOf(
      plain({ gateway: open, allow: [Access.http({ methods: ['POST', 'GET'], paths: ['/insurances/*', '/health'] })] }),
    );
    expect(objects.one('VirtualService')).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'premium.broker.insurances.8000', namespace: 'gateways' },
      spec: {
        hosts: [HOST],
        exportTo: ['.'],
        gateways: ['gateways/public-insurances-partner-example'],
        http: [
          {
            match: [
              { uri: { exact: '/health' }, method: { exact: 'GET' } },
              { uri: { exact: '/health' }, method: { exact: 'POST' } },
              { uri: { prefix: '/insurances/' }, method: { exact: 'GET' } },
              { uri: { prefix: '/insurances/' }, method: { exact: 'POST' } },
            ],
            route: [{ destination: { host: 'insurances.broker.svc.cluster.local', port: { number: 8000 } } }],
          },
        ],
      },
    });
    expect(objects.find('AuthorizationPolicy')).toEqual([]);
  });

  test('access without limits is every path; several add up', () => {
    expect(http(objectsOf(plain({ gateway: open, allow: [Access.http()] })))[0].match).toEqual([
      { uri: { prefix: '/' } },
    ]);
    const two = [Access.http({ methods: ['GET'] }), Access.http({ paths: ['/a'] })];
    expect(http(objectsOf(plain({ gateway: open, allow: two })))[0].match).toEqual([
      { uri: { prefix: '/' }, method: { exact: 'GET' } },
      { uri: { exact: '/a' } },
    ]);
  });

  test('an empty list: the host is there, and nothing is behind it', () => {
    const objects = objectsOf(plain({ gateway: open, allow: [] }));
    expect(objects.find('VirtualService')).toEqual([]);
    objects.one('Gateway');
  });

  test('a call is matched when some rule allows it, and only then', () => {
    const methods = fc.subarray(['GET', 'POST', 'DELETE'], { minLength: 1 });
    const paths = fc.subarray(['/', '/a', '/a/*', '/b*'], { minLength: 1 });
    const rules = fc.array(fc.record({ methods, paths }, { requiredKeys: [] }), { minLength: 1, maxLength: 3 });
    const call = fc.record({
      method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT'),
      path: fc.constantFrom('/', '/a', '/a/', '/a/b', '/b', '/bc', '/c', '/ab'),
    });
    fc.assert(
      fc.property(rules, call, (allow, { method, path }) => {
        const allowed = allow.some(
          (rule) =>
            (rule.methods?.includes(method) ?? true) &&
            (rule.paths?.some((p) => (p.endsWith('*') ? path.startsWith(p.slice(0, -1)) : p === path)) ?? true),
        );
        const objects = objectsOf(plain({ gateway: open, allow: allow.map((rule) => Access.http(rule)) }));
        const matches = (http(objects)[0].match ?? []) as {
          uri: { exact?: string; prefix?: string };
          method?: { exact: string };
        }[];
        const matched = matches.some(
          ({ uri, method: wanted }) =>
            (wanted === undefined || wanted.exact === method) &&
            (uri.exact !== undefined ? uri.exact === path : path.startsWith(uri.prefix ?? 'nothing')),
        );
        expect(matched).toBe(allowed);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a gateway that denies by default', () => {
  test('a route per host in its own chart, an ALLOW per exposure in that of the peering', () => {
    const build = plain({
      allow: [Access.http({ methods: ['GET'], paths: ['/insurances/*'] }), Access.http({ paths: ['/health'] })],
    });
    const objects = objectsOf(build);
    expect(objects.one('VirtualService')).toMatchObject({
      metadata: { name: 'public.insurances.partner.example', namespace: 'gateways' },
      spec: { http: [{ route: [{ destination: { host: 'insurances.broker.svc.cluster.local' } }] }] },
    });
    expect(http(objects)[0]).not.toHaveProperty('match');
    const [denied, allowed] = objects
      .find('AuthorizationPolicy')
      .sort((a, b) => (a.metadata.name.includes('deny') ? -1 : b.metadata.name.includes('deny') ? 1 : 0));
    expect(denied.spec).toEqual({ selector: { matchLabels: { istio: 'public' } } });
    const hosts = [HOST, `${HOST}:*`];
    expect(allowed).toEqual({
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { name: 'premium.broker.insurances.8000', namespace: 'gateways' },
      spec: {
        selector: { matchLabels: { istio: 'public' } },
        action: 'ALLOW',
        rules: [
          {
            to: [
              { operation: { hosts, ports: ['8080'], methods: ['GET'], paths: ['/insurances/*'] } },
              { operation: { hosts, ports: ['8080'], paths: ['/health'] } },
            ],
          },
        ],
      },
    });
  });

  test('an empty list: routed, and denied', () => {
    const objects = objectsOf(plain({ allow: [] }));
    objects.one('VirtualService');
    expect(objects.find('AuthorizationPolicy').map(({ metadata }) => metadata.name)).toEqual(['public.deny-all']);
  });

  test('a client with a SPIFFE ID is named, by the gateway that demands its certificate and may read its Secret', () => {
    const objects = objectsOf((fleet) => {
      const { partner: provider, ingress, broker } = agencyAndPartner(fleet);
      new DirectPeering(fleet, 'premium', { consumer: External.client('till'), provider, ingress, tls: mutual }).expose(
        broker,
        { host: HOST, allow: [Access.http()] },
      );
    });
    expect(objects.one('Gateway')).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'public-insurances-partner-example', namespace: 'gateways' },
      spec: {
        selector: { istio: 'public' },
        servers: [
          {
            port: { number: 443, name: 'https', protocol: 'HTTPS' },
            hosts: [HOST],
            tls: { mode: 'MUTUAL', credentialName: 'server' },
          },
        ],
      },
    });
    const allow = objects.find('AuthorizationPolicy').find(({ metadata }) => metadata.name.startsWith('premium'));
    expect(allow?.spec).toMatchObject({
      rules: [
        {
          from: [{ source: { principals: ['agency.example/egress'] } }],
          to: [{ operation: { hosts: [HOST, `${HOST}:*`], ports: ['8443'] } }],
        },
      ],
    });
    expect(objects.one('Role')).toMatchObject({
      metadata: { name: 'public', namespace: 'gateways' },
      rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list'] }],
    });
    expect(objects.one('RoleBinding')).toMatchObject({
      subjects: [{ kind: 'ServiceAccount', name: 'public', namespace: 'gateways' }],
    });
  });

  test('on OpenShift Service Mesh 2.6 kinds have the versions that it serves', () => {
    const objects = objectsOf((fleet) => {
      const ossm = { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('smcp') };
      const { agency: consumer, partner: provider, ingress, broker } = agencyAndPartner(fleet, {}, ossm);
      new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: PeeringTls.plain() }).expose(broker, {
        host: HOST,
        allow: [Access.http()],
      });
    });
    const versions = objects.all.filter(({ apiVersion }) => apiVersion.includes('istio.io')).map((o) => o.apiVersion);
    expect([...new Set(versions)].sort()).toEqual(['networking.istio.io/v1beta1', 'security.istio.io/v1beta1']);
  });
});

test('a subset is routed to, and defined', () => {
  const objects = objectsOf(plain({ allow: [Access.http()], subset: 'v1' }));
  expect(http(objects)[0]).toEqual({
    route: [{ destination: { host: 'insurances.broker.svc.cluster.local', port: { number: 8000 }, subset: 'v1' } }],
  });
  expect(objects.one('DestinationRule')).toMatchObject({
    metadata: { name: 'insurances', namespace: 'broker' },
    spec: { subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
  });
});

test("the application's own TLS is passed on by SNI; who may connect is said by SNI, too", () => {
  const objects = objectsOf((fleet) => {
    const { agency: consumer, partner: provider, ingress } = agencyAndPartner(fleet);
    const nginx = provider.service('nginx', { namespace: 'broker', ports: [Port.tls(8443)] });
    const tls = PeeringTls.application({ server: Identity.dns(HOST) });
    new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls }).expose(nginx, {
      host: HOST,
      allow: [Access.tcp()],
    });
  });
  expect(objects.one('Gateway').spec).toMatchObject({
    servers: [{ port: { number: 443, name: 'tls', protocol: 'TLS' }, hosts: [HOST], tls: { mode: 'PASSTHROUGH' } }],
  });
  expect(objects.one('VirtualService').spec).toMatchObject({
    tls: [
      {
        match: [{ port: 443, sniHosts: [HOST] }],
        route: [{ destination: { host: 'nginx.broker.svc.cluster.local', port: { number: 8443 } } }],
      },
    ],
  });
  const allow = objects.find('AuthorizationPolicy').find(({ metadata }) => metadata.name.startsWith('premium'));
  expect(allow?.spec).toMatchObject({ rules: [{ when: [{ key: 'connection.sni', values: [HOST] }] }] });
  expect(objects.find('Role')).toEqual([]);
});

describe('what does not fit is refused', () => {
  test('a client that is told apart at a gateway that lets everybody through', () => {
    const fleet = new Fleet();
    const { partner: provider, ingress, broker } = agencyAndPartner(fleet, { denyByDefault: false });
    const consumer = External.client('till');
    const peering = new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: mutual });
    expect(messageOf(() => peering.expose(broker, { host: HOST, allow: [Access.http()] }))).toBe(
      'MESH1207 premium: the client is told apart by its certificate (agency.example/egress), but gateway partner-cluster/partner/public lets everybody through that its routes know; set denyByDefault: true on the gateway',
    );
  });

  test('a Route that cannot carry the hop', () => {
    const gateway = { route: RouteFront.passthrough() };
    expect(messageOf(() => objectsOf(plain({ allow: [Access.http()], gateway })))).toBe(
      'MESH1207 premium: a Route with termination passthrough in front of gateway partner-cluster/partner/public cannot carry PeeringTls.plain; expected RouteFront.http()',
    );
  });
});

test('a Route per host leads to the port of the gateway that the hop ends at', () => {
  const objects = objectsOf(plain({ allow: [Access.http()], gateway: { route: RouteFront.http() } }));
  expect(objects.one('Route')).toEqual({
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: 'public.insurances.partner.example', namespace: 'gateways' },
    spec: {
      host: HOST,
      to: { kind: 'Service', name: 'public', weight: 100 },
      port: { targetPort: 'http2' },
      wildcardPolicy: 'None',
    },
  });
});

test('of a gateway that exists nothing but what the exposure needs is written', () => {
  const objects = objectsOf((fleet) => {
    const { agency: consumer, partner: provider, broker } = agencyAndPartner(fleet);
    const ingress = Gateway.existing(provider, 'existing', {
      kind: 'ingress',
      namespace: 'istio-ingress',
      selector: { istio: 'ingressgateway' },
    });
    new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls: PeeringTls.plain() }).expose(broker, {
      host: HOST,
      allow: [Access.http()],
    });
  }).all.filter(({ metadata }) => metadata.namespace === 'istio-ingress');
  expect(objects.map(({ kind }) => kind).sort()).toEqual(['Gateway', 'VirtualService']);
});
