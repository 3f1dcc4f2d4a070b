import { Access, Fleet, Gateway, GatewayPort, Port } from '../../lib';
import { called, get, peered } from '../peering/private-gateways';
import { mesh, messageOf, objectsOf } from '../support/model';

interface Patch {
  readonly applyTo: string;
  readonly match: object;
  readonly patch: {
    readonly operation: string;
    readonly value: { readonly name: string; readonly typed_config: Rbac };
  };
}

interface Rbac {
  readonly rules: { readonly action: string; readonly policies: Record<string, object> };
}

type Expose = (sides: ReturnType<typeof peered>) => void;

const patchesOf = (expose: Expose) =>
  (
    objectsOf((fleet) => expose(peered(fleet, { policies: 'EnvoyFilter' }))).one('EnvoyFilter').spec as {
      configPatches: Patch[];
    }
  ).configPatches;

const policiesOf = (expose: Expose) => patchesOf(expose).map(({ patch }) => patch.value.typed_config.rules.policies);

const principals = [{ authenticated: { principal_name: { exact: 'spiffe://c1.example/egw' } } }];

test('without any exposure it stands in every filter chain, and denies everything', () => {
  const denied = { action: 'ALLOW', policies: {} };
  expect(patchesOf(() => {})).toEqual([
    {
      applyTo: 'HTTP_FILTER',
      match: {
        context: 'GATEWAY',
        listener: {
          filterChain: {
            filter: {
              name: 'envoy.filters.network.http_connection_manager',
              subFilter: { name: 'envoy.filters.http.router' },
            },
          },
        },
      },
      patch: {
        operation: 'INSERT_BEFORE',
        value: {
          name: 'envoy.filters.http.rbac',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC',
            rules: denied,
          },
        },
      },
    },
    {
      applyTo: 'NETWORK_FILTER',
      match: { context: 'GATEWAY', listener: { filterChain: { filter: { name: 'envoy.filters.network.tcp_proxy' } } } },
      patch: {
        operation: 'INSERT_BEFORE',
        value: {
          name: 'envoy.filters.network.rbac',
          typed_config: {
            '@type': 'type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC',
            stat_prefix: 'peering.',
            rules: denied,
          },
        },
      },
    },
  ]);
});

test('what it is put into never depends on what is exposed', () => {
  const match = (expose: Expose) => patchesOf(expose).map(({ applyTo, match: where }) => ({ applyTo, where }));
  expect(
    match(({ peering, services }) => {
      peering.expose(services.web, { allow: get });
      peering.expose(services.db, { allow: [Access.tcp()], gatewayPort: 31400 });
      peering.expose(services.own, { allow: [Access.tcp()] });
    }),
  ).toEqual(match(() => {}));
});

test('it selects the pods of the gateway, and no AuthorizationPolicy is there beside it', () => {
  const objects = objectsOf((fleet) => {
    const { peering, services } = peered(fleet, { policies: 'EnvoyFilter' });
    peering.expose(services.web, { allow: get });
  });
  expect(objects.one('EnvoyFilter')).toMatchObject({
    metadata: { name: 'igw.rbac', namespace: 'gws' },
    spec: { workloadSelector: { labels: { istio: 'igw' } } },
  });
  const policies = objects.find('AuthorizationPolicy').map(({ metadata }) => metadata.name);
  expect(policies.sort()).toEqual(['egw.deny-all', 'p-app-web-8000', 'p.app.web.8000.workload']);
});

test('requests are allowed by port, path below the prefix, method and certificate', () => {
  const [http, network] = policiesOf(({ peering, services }) => {
    peering.expose(services.web, {
      allow: [
        Access.http({ methods: ['GET', 'HEAD'], paths: ['/a/*', '/b'] }),
        Access.http({ methods: ['PUT'] }),
        Access.http(),
      ],
    });
  });
  const port = { destination_port: 15443 };
  const method = (exact: string) => ({ header: { name: ':method', string_match: { exact } } });
  expect(http).toEqual({
    'p.app.web.8000': {
      permissions: [
        {
          and_rules: {
            rules: [
              port,
              {
                or_rules: {
                  rules: [
                    { url_path: { path: { prefix: '/app/web/8000/_/a/' } } },
                    { url_path: { path: { exact: '/app/web/8000/_/b' } } },
                  ],
                },
              },
              { or_rules: { rules: [method('GET'), method('HEAD')] } },
            ],
          },
        },
        { and_rules: { rules: [port, { url_path: { path: { prefix: '/app/web/8000/_/' } } }, method('PUT')] } },
        { and_rules: { rules: [port, { url_path: { path: { prefix: '/app/web/8000/_/' } } }] } },
      ],
      principals,
    },
  });
  expect(network).toEqual({});
});

test('bytes are allowed by port and the server name of the gateway, TLS of applications by a name of its own', () => {
  const [http, network] = policiesOf(({ peering, services }) => {
    peering.expose(services.db, { allow: [Access.tcp()], gatewayPort: 31400 });
    peering.expose(services.own, { allow: [Access.tcp()] });
  });
  expect(http).toEqual({});
  expect(network).toEqual({
    'p.app.db.9000': {
      permissions: [
        { and_rules: { rules: [{ destination_port: 31400 }, { requested_server_name: { exact: 'c2.example.com' } }] } },
      ],
      principals,
    },
    'p.app.own.443': {
      permissions: [
        {
          and_rules: {
            rules: [{ destination_port: 15444 }, { requested_server_name: { exact: 'own.app.svc.cluster.local' } }],
          },
        },
      ],
      principals,
    },
  });
});

test('an exposure that nobody may call is not in it, and the order of statements does not matter', () => {
  const both =
    (isReversed: boolean): Expose =>
    ({ peering, provider, services }) => {
      const other = provider.service('a', { namespace: 'app', ports: [Port.http(80)] });
      const statements = [
        () => peering.expose(services.web, { allow: get }),
        () => peering.expose(other, { allow: get }),
        () => peering.expose(services.db, { allow: [], gatewayPort: 31400 }),
      ];
      for (const state of isReversed ? statements.reverse() : statements) state();
    };
  const [http, network] = policiesOf(both(false));
  expect(Object.keys(http)).toEqual(['p.app.a.80', 'p.app.web.8000']);
  expect(network).toEqual({});
  expect(JSON.stringify(patchesOf(both(true)))).toBe(JSON.stringify(patchesOf(both(false))));
});

describe('a gateway is refused', () => {
  const gateway = (props: object) => messageOf(() => called(new Fleet(), { policies: 'EnvoyFilter', ...props }));

  test('with an EnvoyFilter where it cannot be', () => {
    expect(gateway({ denyByDefault: false })).toBe(
      "MESH1230 c2-cluster/c2/igw: policies is 'EnvoyFilter', but its one EnvoyFilter denies what no exposure allows; set denyByDefault: true, or leave policies out",
    );
    expect(gateway({ kind: 'egress' })).toBe(
      "MESH1230 c2-cluster/c2/igw: policies is 'EnvoyFilter', but an egress gateway tells workloads of its own mesh apart; leave policies out",
    );
  });

  test('when another gateway of the same pods writes its policies otherwise, or a second filter', () => {
    const twice =
      (first: 'AuthorizationPolicy' | 'EnvoyFilter', second: 'AuthorizationPolicy' | 'EnvoyFilter') => () => {
        const own = mesh(new Fleet(), 'c2');
        const ports = [GatewayPort.https(15443, 15443)];
        const selector = { b: '2', a: '1' };
        const pods = { kind: 'ingress', namespace: 'gws', selector, ports, denyByDefault: true } as const;
        Gateway.existing(own, 'one', { ...pods, policies: first });
        Gateway.existing(own, 'other', { ...pods, selector: { a: '1', b: '2' }, policies: second });
      };
    expect(messageOf(twice('AuthorizationPolicy', 'EnvoyFilter'))).toBe(
      "MESH1231 c2-cluster/c2/other: gateway c2-cluster/c2/one is about the same pods (a=1, b=2 in namespace 'gws') and writes its policies as AuthorizationPolicy, this one as EnvoyFilter; state the gateway once",
    );
    expect(messageOf(twice('EnvoyFilter', 'EnvoyFilter'))).toContain('MESH1231');
    expect(messageOf(twice('EnvoyFilter', 'AuthorizationPolicy'))).toContain('MESH1231');
    expect(twice('AuthorizationPolicy', 'AuthorizationPolicy')).not.toThrow();
  });
});

test('fleet.json says it', () => {
  const fleet = new Fleet();
  called(fleet, { policies: 'EnvoyFilter' });
  const [{ gateways }] = fleet.register.document([]).meshes;
  expect(gateways).toMatchObject([{ name: 'igw', policies: 'EnvoyFilter' }]);
});
