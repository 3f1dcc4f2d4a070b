import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  DirectPeering,
  External,
  Fleet,
  Identity,
  Istio,
  Mesh,
  PeeringTls,
  Port,
  Routing,
  Rule,
  Workload,
} from '../../lib';
import { agencyAndPartner, mesh, messageOf } from '../support/model';

// Values as they come from JSON and the environment, past the compiler.
const any = (value: unknown) => value as never;
const unset = '; is an environment variable unset, or a field of a JSON file missing?';

describe('a value of the wrong kind is refused where it comes in', () => {
  const production = (fleet = new Fleet()) => mesh(fleet, 'production', {}, 'east');
  const exposed = (allow: unknown) => {
    const { agency: consumer, partner: provider, ingress, broker } = agencyAndPartner(new Fleet());
    const peering = new DirectPeering(provider.cluster.node.root as never, 'premium', {
      consumer,
      provider,
      ingress,
      tls: PeeringTls.plain(),
    });
    peering.expose(broker, { host: 'a.partner.example', allow: any(allow) });
  };

  test.each<[string, () => unknown, string]>([
    [
      'methods: null',
      () => Access.http({ methods: any(null) }),
      `Access.http: 'methods' is null, expected a list${unset}`,
    ],
    ['paths: null', () => Access.http({ paths: any(null) }), `Access.http: 'paths' is null, expected a list${unset}`],
    ["methods: 'GET'", () => Access.http({ methods: any('GET') }), "Access.http: 'methods' is 'GET', expected a list"],
    [
      'methods: [1]',
      () => Access.http({ methods: any([1]) }),
      "Access.http: 'methods'[0] is the number 1, expected a text",
    ],
    ['from: null', () => Access.tcp({ from: any(null) }), `Access.tcp: 'from' is null, expected a list${unset}`],
    ['from: [null]', () => Access.tcp({ from: any([null]) }), `Access.tcp: 'from'[0] is null, expected a text${unset}`],
    ['allow: null', () => exposed(null), `premium: 'allow' is null, expected a list${unset}`],
    [
      'allow: look-alikes',
      () => exposed([{ kind: 'http' }]),
      'premium: \'allow\'[0] is {"kind":"http"}, expected Access.http() or Access.tcp()',
    ],
    [
      'an unset variable as namespace',
      () => Callers.namespaces(any(undefined)),
      `Callers.namespaces: namespace is undefined, expected a text${unset}`,
    ],
    [
      'accounts: [7]',
      () => Callers.serviceAccounts(any(7)),
      'Callers.serviceAccounts: account is the number 7, expected a text',
    ],
    [
      'labels: null',
      () => Callers.workload({ namespace: 'a', labels: any(null), serviceAccounts: ['a'] }),
      `Callers.workload: 'labels' is null, expected an object with a value for each name${unset}`,
    ],
    [
      "serviceAccounts: 'a'",
      () => Callers.workload({ namespace: 'a', labels: { app: 'a' }, serviceAccounts: any('a') }),
      "Callers.workload: 'serviceAccounts' is 'a', expected a list",
    ],
    ["port '8080'", () => Port.http(any('8080')), "port http: port is '8080', expected a number"],
    [
      'ports: null',
      () => production().service('a', { namespace: 'b', ports: any(null) }),
      `east/production/a: 'ports' is null, expected a list${unset}`,
    ],
    ['host: null', () => Identity.dns(any(null)), `Identity.dns: name is null, expected a text${unset}`],
    [
      'ports of a server: null',
      () => External.server({ host: 'a.example', ports: any(null) }),
      `External.server: 'ports' is null, expected a list${unset}`,
    ],
    [
      'rules: null',
      () => {
        const own = production();
        const host = own.service('a', { namespace: 'b', ports: [Port.http(80)] });
        new Routing(own, 'r', { host, rules: any(null) });
      },
      `east/production/r: 'rules' is null, expected a list${unset}`,
    ],
    [
      'a server in no mesh as host of a Routing',
      () =>
        new Routing(production(), 'r', {
          host: any(External.server({ host: 'a.example', ports: [Port.http(80)] })),
          rules: [],
        }),
      "east/production/r: 'host' is a value of class ExternalServer, expected a service or alias of the mesh: mesh.service(…), or an exposure",
    ],
    ['paths of a rule: null', () => Rule.paths(any(null)), `Rule.paths: paths is null, expected a list${unset}`],
    [
      "platform: '1.31'",
      () =>
        new Mesh(new Cluster(new Fleet(), 'east'), 'm', {
          platform: any('1.31'),
          controlPlane: ControlPlane.existing('a'),
        }),
      "east/m: 'platform' is '1.31', expected a platform such as Istio.v1_31()",
    ],
    [
      'no platform',
      () => new Mesh(new Cluster(new Fleet(), 'east'), 'm', any({})),
      `east/m: 'platform' is undefined, expected a platform such as Istio.v1_31()${unset}`,
    ],
    [
      'a control plane that is a text',
      () =>
        new Mesh(new Cluster(new Fleet(), 'east'), 'm', { platform: Istio.v1_31(), controlPlane: any('istio-system') }),
      "east/m: 'controlPlane' is 'istio-system', expected one such as ControlPlane.existing('istio-system')",
    ],
    [
      'env: null',
      () => {
        const own = production();
        const service = own.service('a', { namespace: 'b', ports: [Port.http(80)] });
        new Workload(own, 'w', { service, image: 'a/b:1', env: { C: any(null) } });
      },
      `east/production/w: 'C' of 'env' is null, expected a text${unset}`,
    ],
    [
      'image: undefined',
      () => {
        const own = production();
        new Workload(own, 'w', {
          service: own.service('a', { namespace: 'b', ports: [Port.http(80)] }),
          image: any(undefined),
        });
      },
      `east/production/w: 'image' is undefined, expected a text${unset}`,
    ],
  ])('%s', (_, run, message) => {
    expect(messageOf(run)).toBe(`MESH1006 ${message}`);
  });
});

test('a long value is cut in the message', () => {
  expect(messageOf(() => Access.http({ methods: any('x'.repeat(100)) }))).toBe(
    `MESH1006 Access.http: 'methods' is '${'x'.repeat(59)}…, expected a list`,
  );
});
