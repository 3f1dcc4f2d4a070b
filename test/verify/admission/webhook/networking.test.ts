import { said } from '../support';

const V1 = 'networking.istio.io/v1';
type Case = [title: string, spec: unknown, problems: string[]];

const to = (host: string, more: object = {}) => ({ destination: { host }, ...more });
const service = (http: object, more: object = {}) => ({ hosts: ['a.example.com'], http: [http], ...more });

test.each<Case>([
  ['a route', service({ route: [to('a')] }), []],
  ['no routes', { hosts: ['a.b'] }, ['spec has no routes, expected http, tls or tcp']],
  [
    'a wildcard for sidecars',
    service({ route: [to('a')] }, { hosts: ['*'] }),
    ['spec.hosts[0] is "*", which only a VirtualService of gateways can have'],
  ],
  ['a wildcard for a gateway', service({ route: [to('a')] }, { hosts: ['*'], gateways: ['ns/gw'] }), []],
  [
    'hosts that overlap',
    service({ route: [to('a')] }, { hosts: ['*.b', 'a.b'] }),
    ['spec.hosts[1] is "a.b", of which "*.b" has names, too'],
  ],
  [
    'a delegate with gateways',
    { gateways: ['mesh'], http: [{ route: [to('a')] }] },
    ['spec.gateways is set without hosts: others delegate to such a VirtualService, for http only'],
  ],
  [
    'a destination that is any host',
    service({ route: [to('*')] }),
    ['spec.http[0].route[0].destination.host is "*", expected the name of a host'],
  ],
  [
    'a route and a redirect',
    service({ route: [to('a')], redirect: { uri: '/' } }),
    ['spec.http[0].route is set beside redirect, expected one of them'],
  ],
  [
    'a route that does nothing',
    service({}),
    ['spec.http[0] sets none of route, redirect, directResponse and delegate, expected one of them'],
  ],
  [
    'weights of nothing',
    service({ route: [to('a', { weight: 0 }), to('b', { weight: 0 })] }),
    ['spec.http[0].route has weights that add up to 0, expected more'],
  ],
  [
    'a pattern that RE2 does not have',
    service({ match: [{ uri: { regex: 'a(?=b)' } }], route: [to('a')] }),
    [
      'spec.http[0].match[0].uri.regex is "a(?=b)", expected a pattern of RE2 syntax: error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
    ],
  ],
  [
    'an empty prefix of a header',
    service({ match: [{ headers: { 'x-user': { prefix: '' } } }], route: [to('a')] }),
    ['spec.http[0].match[0].headers[x-user] has an empty prefix, expected at least a character'],
  ],
  [
    'a claim for sidecars',
    service({ match: [{ headers: { '@request.auth.claims.sub': { exact: 'a' } } }], route: [to('a')] }),
    [
      'spec.http[0].match[0].headers[@request.auth.claims.sub] looks at a claim of a token, which only a gateway can; mesh is among the gateways',
    ],
  ],
  [
    'an authority that is set twice',
    service({ route: [to('a')], rewrite: { authority: 'b' }, headers: { request: { set: { Host: 'c' } } } }),
    ['spec.http[0].headers.request.set.Host is "c", but the authority is set to "b" already'],
  ],
  [
    'a pseudo header that is removed',
    service({ route: [to('a')], headers: { response: { remove: [':status'] } } }),
    ['spec.http[0].headers.response.remove[0] is about ":status", expected a header that a route may change'],
  ],
  [
    'a format that does not end',
    service({ route: [to('a')], headers: { request: { add: { a: '%REQ(x)' } } } }),
    [
      'spec.http[0].headers.request.add.a is "%REQ(x)", expected %COMMAND% or %COMMAND(argument)%, and %% for a percent sign',
    ],
  ],
  [
    'a timeout of part of a millisecond',
    service({ route: [to('a')], timeout: '1.5ms' }),
    ['spec.http[0].timeout is "1.5ms", expected a duration of whole milliseconds, at least 1ms'],
  ],
  [
    'retries that are off',
    service({ route: [to('a')], retries: { retryOn: '5xx' } }),
    ['spec.http[0].retries.attempts is 0, which switches retries off, but other fields say how to retry'],
  ],
  [
    'an unknown condition of retries',
    service({ route: [to('a')], retries: { attempts: 1, retryOn: '5xx, reset' } }),
    [
      expect.stringContaining(
        'spec.http[0].retries.retryOn has " reset", expected a status code or one of 5xx,',
      ) as unknown as string,
    ],
  ],
  [
    'a route that is never used',
    { hosts: ['a.b'], http: [{ route: [to('a')] }, { route: [to('b')] }] },
    ['warning: spec.http[1] is not used: route 0 before it takes everything'],
  ],
  [
    'a prefix within a prefix',
    {
      hosts: ['a.b'],
      http: [
        { match: [{ uri: { prefix: '/a' } }], route: [to('a')] },
        { match: [{ uri: { prefix: '/ab' } }], route: [to('b')] },
      ],
    },
    ['warning: spec.http[1].match[0] is not used: prefix "/a" of route 0 takes it all'],
  ],
  [
    'a name of TLS that is none of the hosts',
    { hosts: ['a.b'], tls: [{ match: [{ sniHosts: ['b.b'] }], route: [to('a')] }] },
    ['spec.tls[0].match[0].sniHosts[0] is "b.b", expected a name among the hosts: "a.b"'],
  ],
  [
    'the SNI of automatic passthrough',
    {
      hosts: ['outbound_.80_._.a.b'],
      gateways: ['ns/gw'],
      tls: [{ match: [{ sniHosts: ['outbound_.80_._.a.b'] }], route: [to('a')] }],
    },
    [],
  ],
  [
    'a TCP route to nowhere',
    { hosts: ['a.b'], tcp: [{}] },
    ['spec.tcp[0].route is empty, expected at least one destination'],
  ],
  [
    'an old name of a gateway',
    service({ route: [to('a')] }, { gateways: ['gw.ns.svc.cluster.local'] }),
    ['warning: spec.gateways[0] is "gw.ns.svc.cluster.local", an old form of "ns/gw"'],
  ],
  [
    'own namespace twice',
    service({ route: [to('a')] }, { exportTo: ['prod', '.'] }),
    ['spec.exportTo[1] is ".", which is there already as "prod"'],
  ],
])('VirtualService: %s', (_, spec, problems) => {
  expect(said(V1, 'VirtualService', spec)).toEqual(problems);
});

const policy = (trafficPolicy: object) => ({ host: 'a', trafficPolicy });

test.each<Case>([
  [
    'an empty policy',
    policy({}),
    [
      'spec.trafficPolicy is empty, expected at least one of outlierDetection, connectionPool, loadBalancer, tls, tunnel, proxyProtocol, retryBudget, portLevelSettings',
    ],
  ],
  [
    'a host with a number at the end',
    { host: 'a.1' },
    ['spec.host is "a.1", expected a domain name that does not end in a number'],
  ],
  [
    'mutual TLS without a certificate',
    policy({ tls: { mode: 'MUTUAL' } }),
    [
      'spec.trafficPolicy.tls.clientCertificate is missing: mode MUTUAL without a credentialName needs it',
      'spec.trafficPolicy.tls.privateKey is missing: mode MUTUAL without a credentialName needs it',
    ],
  ],
  [
    'a credential beside files',
    policy({ tls: { mode: 'SIMPLE', credentialName: 'a', caCertificates: '/b' } }),
    ['spec.trafficPolicy.tls.caCertificates is set beside credentialName "a", expected one of them'],
  ],
  [
    'a name to check that is not checked',
    policy({ tls: { mode: 'SIMPLE', insecureSkipVerify: true, subjectAltNames: ['a'] } }),
    [
      'spec.trafficPolicy.tls.subjectAltNames is set, but insecureSkipVerify accepts every server; remove one of the two',
    ],
  ],
  [
    'a ConfigMap of another namespace',
    policy({ tls: { mode: 'SIMPLE', credentialName: 'configmap://other/ca' } }),
    ['spec.trafficPolicy.tls.credentialName is "configmap://other/ca", expected configmap://prod/<name>'],
  ],
  [
    'failover without detection',
    policy({ loadBalancer: { localityLbSetting: { failover: [{ from: 'a', to: 'b' }] } } }),
    [
      'warning: spec.trafficPolicy.loadBalancer.localityLbSetting has no effect without outlierDetection: endpoints that fail are not noticed',
    ],
  ],
  [
    'weights of localities',
    policy({ loadBalancer: { localityLbSetting: { distribute: [{ from: 'a', to: { b: 99 } }] } } }),
    ['spec.trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to has weights that add up to 99, expected 100'],
  ],
  [
    'localities that overlap',
    policy({
      loadBalancer: {
        localityLbSetting: {
          distribute: [
            { from: 'a/*', to: { b: 100 } },
            { from: 'a/c', to: { b: 100 } },
          ],
        },
      },
    }),
    ['spec.trafficPolicy.loadBalancer.localityLbSetting.distribute has "a/c", which overlaps with another locality'],
  ],
  [
    'a table that is not prime',
    policy({ loadBalancer: { consistentHash: { useSourceIp: true, maglev: { tableSize: 4 } } } }),
    ['spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize is 4, expected a prime number less than 5000011'],
  ],
  [
    'warnings about ports and subsets, which istiod does not send',
    { host: 'a', subsets: [{ name: 'v1', labels: {}, trafficPolicy: { outlierDetection: { consecutiveErrors: 1 } } }] },
    [],
  ],
  [
    'the same warning about the rule, which it sends',
    policy({ outlierDetection: { consecutiveErrors: 1 } }),
    [
      'warning: spec.trafficPolicy.outlierDetection.consecutiveErrors is deprecated; use consecutiveGatewayErrors or consecutive5xxErrors',
    ],
  ],
  [
    'a port without a policy',
    policy({ portLevelSettings: [{ port: { number: 80 } }] }),
    [
      'spec.trafficPolicy.portLevelSettings[0] is empty, expected at least one of outlierDetection, connectionPool, loadBalancer, tls',
    ],
  ],
  [
    'two subsets of one name',
    { host: 'a', subsets: [{ name: 'v1' }, { name: 'v1' }] },
    ['spec.subsets[1].name is "v1", the name of another subset'],
  ],
  [
    'a selector that is exported',
    { host: 'a', exportTo: ['*'], workloadSelector: { matchLabels: { a: 'b' } } },
    ['spec.exportTo goes beyond the own namespace, which a rule with a workload selector may not'],
  ],
])('DestinationRule: %s', (_, spec, problems) => {
  expect(said(V1, 'DestinationRule', spec)).toEqual(problems);
});

const server = (protocol: string, tls?: object) => ({
  servers: [{ hosts: ['a.b'], port: { number: 443, name: 'a', protocol }, ...(tls && { tls }) }],
});

test.each<Case>([
  ['HTTPS without TLS', server('HTTPS'), ['spec.servers[0].tls is missing: a port of protocol HTTPS needs it']],
  [
    'TLS on a port for HTTP',
    server('HTTP', { mode: 'SIMPLE', credentialName: 'a' }),
    ['spec.servers[0].tls is set on a port of protocol HTTP, expected protocol HTTPS or TLS'],
  ],
  ['a redirect to HTTPS', server('HTTP', { httpsRedirect: true }), []],
  [
    'mutual TLS without a CA',
    server('HTTPS', { mode: 'MUTUAL', serverCertificate: 'a', privateKey: 'b' }),
    ["spec.servers[0].tls.caCertificates is missing: mode MUTUAL without a credentialName needs the clients' CA"],
  ],
  [
    "a credential for Istio's own TLS",
    server('TLS', { mode: 'ISTIO_MUTUAL', credentialName: 'a' }),
    ['spec.servers[0].tls.credentialName is set, but with mode ISTIO_MUTUAL the proxy has its certificate from istiod'],
  ],
  [
    'certificates that are passed by',
    server('TLS', { mode: 'PASSTHROUGH', credentialName: 'a' }),
    ['warning: spec.servers[0].tls sets certificates, which mode PASSTHROUGH does not use'],
  ],
  [
    'an unknown cipher',
    server('HTTPS', { mode: 'SIMPLE', credentialName: 'a', cipherSuites: ['X', 'ALL', 'ALL'] }),
    [
      'warning: spec.servers[0].tls.cipherSuites has "X", which Envoy does not know and ignores',
      'warning: spec.servers[0].tls.cipherSuites has "ALL" twice',
    ],
  ],
  [
    'a host with a namespace',
    {
      servers: [
        {
          hosts: ['prod/*.example.com', './a.b', '*/a.b', '1.2.3.4'],
          port: { number: 80, name: 'a', protocol: 'HTTP' },
        },
      ],
    },
    [],
  ],
  [
    'a wildcard in a label',
    { servers: [{ hosts: ['*a.example.com'], port: { number: 80, name: 'a', protocol: 'HTTP' } }] },
    ['spec.servers[0].hosts[0] is "*a.example.com", expected a wildcard to be a whole label, as in *.example.com'],
  ],
  [
    'a socket with a port',
    { servers: [{ hosts: ['*'], bind: 'unix:///a', port: { number: 80, name: 'a', protocol: 'HTTP' } }] },
    ['spec.servers[0].port.number is 80, expected 0 for a socket'],
  ],
])('Gateway: %s', (_, spec, problems) => {
  expect(said(V1, 'Gateway', spec)).toEqual(problems);
});

test('the name of a Gateway is a label', () => {
  expect(said(V1, 'Gateway', server('HTTP'), { name: 'a.b' })).toEqual([
    'metadata.name is "a.b", expected a DNS label without dots',
  ]);
});

const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }];

test.each<Case>([
  [
    'DNS for a wildcard',
    { hosts: ['*.example.com'], ports, resolution: 'DNS' },
    ['spec.hosts[0] is "*.example.com"; resolution DNS without endpoints needs a name to resolve'],
  ],
  [
    'several hosts and TCP',
    { hosts: ['a.b', 'c.d'], ports: [{ number: 1, name: 'tcp', protocol: 'TCP' }], resolution: 'DNS' },
    ['spec.ports[0] is neither HTTP nor TLS, so that several hosts cannot be told apart'],
  ],
  [
    'an address that is none',
    { hosts: ['a.b'], addresses: ['10.0.0.0/33'], ports },
    ['spec.addresses[0] is "10.0.0.0/33", expected a CIDR block such as 10.0.0.0/8'],
  ],
  [
    "an endpoint's port that the entry does not have",
    { hosts: ['a.b'], ports, resolution: 'STATIC', endpoints: [{ address: '1.2.3.4', ports: { https: 443 } }] },
    ['spec.endpoints[0].ports.https is the port "https", which the entry does not have'],
  ],
  [
    'a name where an address is expected',
    { hosts: ['a.b'], ports, resolution: 'STATIC', endpoints: [{ address: 'c.d' }] },
    ['spec.endpoints[0].address is "c.d", expected an IP address'],
  ],
  [
    'a port of an unknown protocol',
    { hosts: ['a.b'], ports: [{ number: 1, name: 'a', protocol: 'DoubleHBONE' }] },
    [expect.stringContaining('spec.ports[0].protocol is "DoubleHBONE", expected one of tcp,') as unknown as string],
  ],
  [
    'TCP without an address',
    { hosts: ['a.b'], ports: [{ number: 1, name: 'tcp' }] },
    ['warning: spec.ports[0] is a port for TCP of an entry that has no addresses and is allotted none'],
  ],
  [
    'a visible and invisible entry',
    { hosts: ['a.b'], ports, exportTo: ['~', 'prod'] },
    ['spec.exportTo has "~" beside other entries, expected it alone'],
  ],
])('ServiceEntry: %s', (_, spec, problems) => {
  expect(said(V1, 'ServiceEntry', spec)).toEqual(problems);
});

test.each<Case>([
  ['nothing', {}, ['spec is empty, expected egress, ingress, outboundTrafficPolicy or inboundConnectionPool']],
  [
    'a host without a namespace',
    { egress: [{ hosts: ['a.b'] }] },
    ['spec.egress[0].hosts[0] is "a.b", expected namespace/host'],
  ],
  [
    'a listener without a port in front',
    { egress: [{ hosts: ['./*'] }, { port: { number: 80, protocol: 'HTTP', name: 'a' }, hosts: ['./*'] }] },
    ['spec.egress[0].port is missing, which only the last egress listener may'],
  ],
  [
    'a host that is selected already',
    { egress: [{ hosts: ['./*', 'prod/a.b'] }] },
    ['warning: spec.egress[0].hosts[1] is "prod/a.b", of which other hosts of the listener select a part already'],
  ],
  [
    'an endpoint elsewhere',
    { ingress: [{ port: { number: 80, protocol: 'HTTP', name: 'a' }, defaultEndpoint: '10.0.0.1:80' }] },
    [
      'spec.ingress[0].defaultEndpoint is "10.0.0.1:80", expected 127.0.0.1:<port>, [::1]:<port>, 0.0.0.0:<port>, [::]:<port> or unix://<path>',
    ],
  ],
])('Sidecar: %s', (_, spec, problems) => {
  expect(said(V1, 'Sidecar', spec)).toEqual(problems);
});

test.each<Case>([
  [
    'a value that is no message',
    { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: { lb_policy: 'FASTEST' } } }] },
    [
      expect.stringContaining(
        'spec.configPatches[0].patch.value.lb_policy is "FASTEST", expected one of ROUND_ROBIN,',
      ) as unknown as string,
    ],
  ],
  [
    'a type of version 2',
    {
      configPatches: [
        {
          applyTo: 'HTTP_FILTER',
          patch: {
            operation: 'INSERT_FIRST',
            value: { name: 'a', typed_config: { '@type': 'type.googleapis.com/envoy.config.filter.http.lua.v2.Lua' } },
          },
        },
      ],
    },
    [
      'spec.configPatches[0].patch.value.typed_config.@type is "type.googleapis.com/envoy.config.filter.http.lua.v2.Lua", expected the type of a message that istiod knows; Envoy has version 3 of its API'.replace(
        '.@type',
        '[@type]',
      ),
    ],
  ],
  [
    'a match of something else',
    { configPatches: [{ applyTo: 'CLUSTER', match: { listener: {} }, patch: { operation: 'REMOVE' } }] },
    ['spec.configPatches[0].match.listener is set with applyTo CLUSTER, expected cluster'],
  ],
])('EnvoyFilter: %s', (_, spec, problems) => {
  const [warning, ...others] = said('networking.istio.io/v1alpha3', 'EnvoyFilter', spec);
  expect(warning).toBe(
    'warning: spec changes what istiod makes, which other versions of Istio make differently; other kinds are safer',
  );
  expect(others).toEqual(problems);
});

test("a field that istiod does not know is Envoy's business", () => {
  const value = { connect_timeout: '1s', future: 1 };
  const spec = { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value } }] };
  expect(said('networking.istio.io/v1alpha3', 'EnvoyFilter', spec)[1]).toBe(
    'warning: spec.configPatches[0].patch.value.future is no field of envoy.config.cluster.v3.Cluster',
  );
});
