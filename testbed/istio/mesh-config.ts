type Tree = Record<string, unknown>;

/** Fields of the access log: each proxy writes one such JSON object per request or connection. */
export const ACCESS_LOG = {
  start: '%START_TIME(%s.%9f)%',
  code: '%RESPONSE_CODE%',
  flags: '%RESPONSE_FLAGS%',
  details: '%RESPONSE_CODE_DETAILS%',
  ended: '%CONNECTION_TERMINATION_DETAILS%',
  method: '%REQ(:METHOD)%',
  authority: '%REQ(:AUTHORITY)%',
  path: '%REQ(:PATH)%',
  local: '%DOWNSTREAM_LOCAL_ADDRESS%',
  sni: '%REQUESTED_SERVER_NAME%',
  receivedTls: '%DOWNSTREAM_TLS_VERSION%',
  receivedPeer: '%DOWNSTREAM_PEER_URI_SAN%',
  receivedSubject: '%DOWNSTREAM_PEER_SUBJECT%',
  receivedFailure: '%DOWNSTREAM_TRANSPORT_FAILURE_REASON%',
  cluster: '%UPSTREAM_CLUSTER%',
  host: '%UPSTREAM_HOST%',
  sentTls: '%UPSTREAM_TLS_VERSION%',
  sentPeer: '%UPSTREAM_PEER_URI_SAN%',
  sentSubject: '%UPSTREAM_PEER_SUBJECT%',
  sentFailure: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
} as const;

/**
 * MeshConfig of a control plane.
 *
 * @param mesh what the scenario says, merged over the testbed's own
 * @param namespace of istiod, which is the mesh's root namespace
 */
export function meshConfig(mesh: Tree, namespace: string): Tree {
  const base = {
    accessLogFile: '/dev/stdout',
    accessLogEncoding: 'JSON',
    accessLogFormat: JSON.stringify(ACCESS_LOG),
    enablePrometheusMerge: false,
    rootNamespace: namespace,
    trustDomain: 'cluster.local',
    // a name that had no address yet is looked up again soon, not after a minute
    dnsRefreshRate: '1s',
    defaultConfig: {
      discoveryAddress: `istiod.${namespace}.svc:15012`,
      drainDuration: '1s',
      terminationDrainDuration: '1s',
    },
  };
  return merge(base, mesh);
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Deep merge of maps; other values replace. */
export function merge(base: Tree, over: Tree): Tree {
  const result = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isTree(below) && isTree(value) ? merge(below, value) : value;
  }
  return result;
}

/**
 * A copy of `value` in which every text `ca:name` is the certificate of that authority, PEM.
 *
 * @param authority gives the certificate of an authority by its name
 */
export async function withAuthorities<T>(value: T, authority: (name: string) => Promise<string>): Promise<T> {
  if (typeof value === 'string') {
    const [, name] = /^ca:([\w.-]+)$/.exec(value) ?? [];
    return (name === undefined ? value : await authority(name)) as T;
  }
  if (Array.isArray(value)) return (await Promise.all(value.map((each) => withAuthorities(each, authority)))) as T;
  if (!isTree(value)) return value;
  const entries = Object.entries(value).map(async ([key, each]) => [key, await withAuthorities(each, authority)]);
  return Object.fromEntries(await Promise.all(entries));
}
