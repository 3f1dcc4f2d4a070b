import { said } from '../support';

const LUA = 'type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua';

/** What is said of one patch, besides the warning that every EnvoyFilter has. */
function patched(patch: object): string[] {
  const [, ...problems] = said('networking.istio.io/v1alpha3', 'EnvoyFilter', { configPatches: [patch] });
  return problems.map((problem) => problem.replace('spec.configPatches[0].', ''));
}

/** What is said of a cluster's fields. */
function cluster(value: object): string[] {
  return patched({ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value } }).map((text) =>
    text.replace('patch.value.', ''),
  );
}

test.each<[title: string, value: object, problems: string[]]>([
  ['both names of a field', { connect_timeout: '1s', lbPolicy: 'RANDOM' }, []],
  ['a number in quotes', { per_connection_buffer_limit_bytes: '4294967295' }, []],
  [
    'a number of too many bits',
    { per_connection_buffer_limit_bytes: 4294967296 },
    ['per_connection_buffer_limit_bytes is 4294967296, expected an integer of type uint32'],
  ],
  [
    'a part of a number',
    { per_connection_buffer_limit_bytes: 1.5 },
    ['per_connection_buffer_limit_bytes is 1.5, expected an integer of type uint32'],
  ],
  ['an enum by its number', { lb_policy: 3 }, []],
  [
    'a boolean in quotes',
    { connect_timeout: '1s', ignore_health_on_host_removal: 'true' },
    ['ignore_health_on_host_removal is "true", expected true or false'],
  ],
  ['a string that is none', { name: 5 }, ['name is 5, expected a string']],
  ['a list that is none', { health_checks: {} }, ['health_checks is {}, expected a list']],
  [
    'a flaw within a list',
    { health_checks: [{ timeout: 'x' }] },
    ['health_checks[0].timeout is "x", expected a duration such as 10s or 0.5s'],
  ],
  [
    'a map that is none',
    { typed_extension_protocol_options: [] },
    ['typed_extension_protocol_options is [], expected an object'],
  ],
  [
    'a message that is none',
    { load_assignment: 'x' },
    ['load_assignment is "x", expected an object, a message of type envoy.config.endpoint.v3.ClusterLoadAssignment'],
  ],
  [
    'any message without a type',
    { typed_extension_protocol_options: { a: {} } },
    ['typed_extension_protocol_options.a[@type] is required: the type of the message'],
  ],
  ['null, which sets nothing', { name: null, health_checks: null }, []],
])('a cluster with %s', (_, value, problems) => {
  expect(cluster(value)).toEqual(problems);
});

const filter = (typed_config: unknown) => ({
  applyTo: 'HTTP_FILTER',
  patch: { operation: 'INSERT_FIRST', value: { name: 'a', typed_config } },
});

test('the message of a filter is looked into', () => {
  expect(patched(filter({ '@type': LUA, default_source_code: { inline_string: 'x' } }))).toEqual([]);
  expect(patched(filter({ '@type': LUA, default_source_code: 'x' }))).toEqual([
    'patch.value.typed_config.default_source_code is "x", expected an object, a message of type envoy.config.core.v3.DataSource',
  ]);
});

test('a message with a form of its own is in a field value', () => {
  expect(patched(filter({ '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1s' }))).toEqual([]);
  expect(patched(filter({ '@type': 'type.googleapis.com/google.protobuf.Duration' }))).toEqual([
    'patch.value.typed_config.value is required for a message of type google.protobuf.Duration',
  ]);
});

test('a filter without a configuration is found by its name no more', () => {
  expect(
    patched({ applyTo: 'HTTP_FILTER', patch: { operation: 'INSERT_FIRST', value: { name: 'envoy.lua' } } }),
  ).toEqual(['warning: patch.value names "envoy.lua" without typed_config, which Envoy will not know']);
});

test.each<[title: string, patch: object, problems: string[]]>([
  ['no target', { patch: { operation: 'REMOVE' } }, ['applyTo is required']],
  ['no patch', { applyTo: 'CLUSTER' }, ['patch is required']],
  ['no operation', { applyTo: 'CLUSTER', patch: {} }, ['patch.operation is required']],
  [
    'no value',
    { applyTo: 'CLUSTER', patch: { operation: 'ADD' } },
    ['patch.value is missing, which operation ADD needs'],
  ],
  [
    'a pattern that RE2 does not have',
    { applyTo: 'CLUSTER', match: { proxy: { proxyVersion: '(' } }, patch: { operation: 'REMOVE' } },
    ['match.proxy.proxyVersion is "(", expected a pattern of RE2 syntax: error parsing regexp: missing closing ): `(`'],
  ],
  [
    'a long pattern, which is ignored',
    { applyTo: 'CLUSTER', match: { proxy: { proxyVersion: '('.repeat(1025) } }, patch: { operation: 'REMOVE' } },
    ['warning: match.proxy.proxyVersion is longer than 1024 bytes and ignored'],
  ],
  [
    'a match of a route for a filter, whose value is then not looked at',
    { applyTo: 'HTTP_FILTER', match: { routeConfiguration: {} }, patch: { operation: 'ADD', value: { name: 5 } } },
    ['match.routeConfiguration is set with applyTo HTTP_FILTER, expected listener'],
  ],
  [
    'a match of a listener for a route, whose value is looked at, too',
    { applyTo: 'HTTP_ROUTE', match: { listener: {} }, patch: { operation: 'ADD', value: { name: 5 } } },
    [
      'match.listener is set with applyTo HTTP_ROUTE, expected routeConfiguration',
      'patch.value.name is 5, expected a string',
    ],
  ],
  ['a patch of a waypoint, which is left alone', { match: { context: 'WAYPOINT', waypoint: {} } }, []],
])('a patch with %s', (_, patch, problems) => {
  expect(patched(patch)).toEqual(problems);
});

const matched = (applyTo: string, filterMatch: object) =>
  patched({ applyTo, match: { listener: { filterChain: { filter: filterMatch } } }, patch: { operation: 'REMOVE' } });

test('a match of a filter names it, and a filter within the connection manager only for HTTP filters', () => {
  const at = 'match.listener.filterChain.filter';
  const manager = 'envoy.filters.network.http_connection_manager';
  expect(matched('HTTP_FILTER', { name: manager, subFilter: { name: 'envoy.filters.http.router' } })).toEqual([]);
  expect(matched('HTTP_FILTER', {})).toEqual([`${at}.name is required`]);
  expect(matched('HTTP_FILTER', { name: manager, subFilter: {} })).toEqual([`${at}.subFilter.name is required`]);
  expect(matched('HTTP_FILTER', { name: 'a', subFilter: { name: 'b' } })).toEqual([
    `${at}.name is "a", expected ${manager} with a subFilter`,
  ]);
  expect(matched('NETWORK_FILTER', { name: manager, subFilter: { name: 'b' } })).toEqual([
    `${at}.subFilter is set with applyTo NETWORK_FILTER, expected HTTP_FILTER`,
  ]);
  expect(matched('LISTENER', { name: 'a' })).toEqual([`warning: ${at} has no effect with applyTo LISTENER`]);
  expect(matched('NETWORK_FILTER', { name: 'envoy.tcp_proxy' })).toEqual([
    `warning: ${at}.name is "envoy.tcp_proxy", an old name of envoy.filters.network.tcp_proxy`,
  ]);
});
