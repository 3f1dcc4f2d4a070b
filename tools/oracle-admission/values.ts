import type { StructuralSchema } from '../../imports/schema';
import type { Random } from '../random';

/** Values that rules tell apart, by what a field's name says of it; the first ones of a list are plain. */
const BY_NAME: readonly (readonly [name: RegExp, values: readonly unknown[]])[] = [
  [/^(hosts|sniHosts|host|targetHost)$/i, hosts()],
  [/^(addresses|address|destinationSubnets|bind|ipBlocks|notIpBlocks|remoteIpBlocks|notRemoteIpBlocks)$/, addresses()],
  [/^(gateways)$/, list(`mesh ; ns/gw ; gw ; ns/* ; gw.ns.svc.cluster.local ; a/b/c ; /gw ; ns/ ;  ; UPPER/case`)],
  [/^(exportTo)$/, list(`. ; * ; ~ ; prod ; staging ; not_a_label ;  ; default`)],
  [/^(url|jwksUri|jwks_uri|uri)$/i, urls()],
  [/^(regex|proxyVersion|rewrite)$/, regexes()],
  [
    /^(timeout|interval|duration|maxAge|ttl|.*(Timeout|Time|Delay|Duration|Interval|DurationSecs)|time|backoff)$/,
    durations(),
  ],
  [
    /^(protocol)$/,
    list(
      `HTTP ; HTTPS ; TLS ; TCP ; GRPC ; HTTP2 ; grpc-web ; http_proxy ; UDP ; Mongo ; QUIC ;  ; CONNECT ; POST ; DoubleHBONE`,
    ),
  ],
  [/^(name|subset|kind|group|namespace|sourceNamespace|namespaces|notNamespaces)$/, names()],
  [
    /^(number|port|targetPort|status|httpStatus|redirectCode)$/,
    [80, 443, 8080, 200, 301, 503, 0, 1, 65535, 65536, -1, 199, 600, 601, 300, 399, 400],
  ],
  [/^(ports|notPorts)$/, list(`80 ; 8080 ; 0 ; 65535 ; 65536 ; http ;  ; -1`)],
  [
    /^(retryOn)$/,
    list(`5xx ; 5xx,reset ; gateway-error,503 ; 5xx, reset ; nonsense ;  ; 999 ; 404,451 ; http3-post-connect-failure`),
  ],
  [
    /^(credentialName|credentialNames|caCertCredentialName)$/,
    list(
      `cert ;  ; configmap://default/ca ; configmap://other/ca ; configmap://ca ; configmap:///x ; kubernetes://a/b`,
    ),
  ],
  [
    /^(defaultEndpoint)$/,
    list(
      `127.0.0.1:80 ; :80 ; [::1]:80 ; 0.0.0.0:9 ; unix:///tmp/x ; unix://x ; 10.0.0.1:80 ; 127.0.0.1 ; 127.0.0.1:http ; :0 ; localhost:80`,
    ),
  ],
  [/^(cipherSuites)$/, ['ECDHE-RSA-AES128-GCM-SHA256', 'AES128-SHA', 'unknown', 'ALL', '-AES', '']],
  [
    /^(paths|notPaths)$/,
    list(`/a ; /a* ; * ; /{*}/b ; /{**} ; /{**}/{*} ; /a/{b} ; /a{*} ;  ; /{*}/a b ; /{**}/x ; /{*}/a//`),
  ],
  [/^(methods|allowMethods|method|notMethods)$/, ['GET', 'POST', 'PURGE', '*', '', 'TRACE']],
  [/^(key)$/, conditions()],
  [/^(serviceAccounts|notServiceAccounts)$/, list(`sa ; ns/sa ; a/b/c ;  ; ns/ ; /sa ; sa*`)],
  [
    /^(trustDomains|notTrustDomains|values|notValues|principals|notPrincipals|requestPrincipals|notRequestPrincipals)$/,
    list(`cluster.local ; * ; a* ; *a ; a*b ; ** ; a/b ;  ; 10.0.0.0/8 ; 80 ; ns/sa`),
  ],
  [/^(remove|allowHeaders|exposeHeaders|header|httpHeaderName)$/, headers()],
  [
    /^(from|to|failoverPriority)$/,
    list(
      `us-east ; us-west/a ; * ; us-east/* ; us-east ; topology.kubernetes.io/zone ; topology.istio.io/subzone ; us/a/b ; us//b ; version`,
    ),
  ],
  [/^(grpcStatus)$/, ['NOT_FOUND', 'OK', 'NOPE', '']],
  [/^(scheme)$/, ['http', 'https', 'HTTP', 'HTTPS', 'ftp', '']],
  [/^(sha256)$/, ['', 'a'.repeat(64), 'A'.repeat(64), 'b'.repeat(63)]],
  [
    /^(jwks)$/,
    list(
      `{"keys":[]} ; {"keys":[{"kty":"oct","k":"AQAB"}]} ; {"kty":"RSA","n":"AQAB","e":"AQAB"} ; x ; {} ; [] ; {"keys":[{"kty":"EC"}]} ; {"keys":{}}`,
    ),
  ],
  [
    /^(expression)$/,
    list(
      `response.code >= 400 ; a && ;  ; has(a.b) ; has(a) ; request.url_path.contains('x') || !(a in [1, 2]) ; 1 +  ; x.all(y, y > 1) ; x.all(1, true) ; "a`,
    ),
  ],
  [/^(tableSize)$/, [65537, 2, 1, 0, 4, 9, 5000011, 5000009, 5000003]],
  [
    /^(weight|percent|maxEjectionPercent|minHealthPercent|value|minimumPercent|mirrorPercent|mirror_percent|randomSamplingPercentage|concurrency|aggression)$/,
    [0, 1, 50, 100, 101, -1, 0.00001, 2147483648],
  ],
];
const STRINGS = ['a', 'a-b', '', 'A_b', 'x'.repeat(70), '*', 'a.b', 'a b', '/', 'é', '%', 'unix:///tmp/sock'];
const NUMBERS = [1, 0, 2, 100, -1, 65536, 2147483647, 2147483648, 4294967295, 4294967296];
const KEYS = list(
  `app ; version ; a.b/c ;  ; app* ; a_b ; -x ; 80 ; 443 ; 0 ; 65536 ; http ; :authority ; Host ; x-user ; :path ; @request.auth.claims.sub ; @request.auth.claims[sub] ; us-east ; us-west/z ; us-east/* ; x y`,
);

/** A scalar for a field, of the type that the schema asks for in most cases. */
export function scalar(schema: StructuralSchema, name: string, random: Random): unknown {
  if (random.once(150)) return random.pick(['', 0, true, {}, [], null]);
  if (schema.enum !== undefined) return random.once(40) ? 'NONE_OF_THEM' : random.pick(schema.enum);
  if (schema.type === 'boolean') return random.once(2);
  const named = BY_NAME.find(([pattern]) => pattern.test(name))?.[1];
  const wanted = schema.type === 'string' ? 'string' : 'number';
  const fitting = named?.filter((value) => typeof value === wanted) ?? [];
  const pool = fitting.length > 0 && !random.once(12) ? fitting : wanted === 'string' ? STRINGS : NUMBERS;
  return random.once(2) ? pool[random.below(Math.min(2, pool.length))] : random.pick(pool);
}

/** A key of a map. */
export function key(random: Random): string {
  return random.pick(random.once(2) ? KEYS.slice(0, 3) : KEYS);
}

function hosts(): string[] {
  return [
    'a.example.com',
    'b.example.com',
    '*.example.com',
    '*',
    'ns/a.example.com',
    './a.example.com',
    '*/*',
    '~/*',
    '~ns/a.b',
    'reviews',
    'A.example.com',
    '*-a.example.com',
    '*a.example.com',
    'a.*.com',
    '1.2.3.4',
    '::1',
    'a..b',
    'a.b.',
    'a_b.com',
    '',
    'a.123',
    'a.+1',
    'outbound_.80_._.a.b',
    'outbound_80',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(128)}com`,
    'ns/',
    '/a.b',
    '*/a',
    'bad_ns/a.b',
    '.example.com',
  ];
}

function addresses(): string[] {
  return list(
    `10.0.0.1 ; 10.0.0.0/8 ; 2001:db8::1 ; 2001:db8::/32 ; a.example.com ; 10.0.0.1/33 ; 10.0.0/8 ; 010.0.0.1 ;  ; 1.2.3.4/08 ; unix:///tmp/s ; unix://tmp ; unix://@x ; unix:///tmp/ ; fe80::1%eth0 ; fe80::1%eth0/64 ; 1.2.3.4/8/8 ; ::ffff:1.2.3.4 ; 1.2.3 ; *.example.com ; ::/0 ; 0.0.0.0`,
  );
}

function urls(): string[] {
  return list(
    `https://a.example.com/x ; http://a ; oci://a/b:c ; file:///x ; a.example.com/img:tag ; ftp://a ;  ; /x ; ://a ; http://a:b ; http://[::1]:80/ ; http://[::1 ; http://a b ; http://a/%zz ; http://a/%41 ; http:a ; x ; * ; http://u:p@a/ ; http://a#f ; a:80/b ; https://a:8443 ; HTTP://A ; http://a:80:80`,
  );
}

function regexes(): string[] {
  return [
    '.*',
    '^/a(b|c)$',
    '(?i)x',
    '(',
    'a(?=b)',
    '\\1',
    '[',
    'a{1001}',
    '*',
    '',
    '\\pN',
    'x'.repeat(1025),
    'a**',
    '(?P<n>x)',
    '\\z',
    '\\Z',
    '1\\.30.*',
  ];
}

function durations(): string[] {
  return list(
    `1s ; 100ms ; 1m30s ; 0s ; 1ms ; 0.5ms ; 1.5ms ; 1.5s ; 1us ; -1s ;  ; 5 ; 1h ; x ; 1S ; 2562047h ; 2562048h ; 1.0005s ; .5s ; +1s ; 0 ; 1ns`,
  );
}

function names(): string[] {
  return [
    'http',
    'tcp-a',
    'http',
    'A',
    'a.b',
    'a_b',
    '',
    'x'.repeat(63),
    'x'.repeat(64),
    '-a',
    'Service',
    'ServiceEntry',
    'Gateway',
    'networking.istio.io',
    'gateway.networking.k8s.io',
    'core',
    'v1',
  ];
}

function conditions(): string[] {
  return list(
    `source.ip ; request.headers[x] ; source.namespace ; source.principal ; source.serviceAccount ; source.trustDomain ; destination.port ; destination.ip ; remote.ip ; connection.sni ; request.auth.claims[iss] ; request.auth.claims ; request.auth.principal ; request.headers ; request.headers[] ; experimental.envoy.filters.a[b] ; destination.name ; destination.labels[a] ; nothing ;  ; destination.namespace ; request.auth.claims[a][b]`,
  );
}

function headers(): string[] {
  return ['x-user', 'X-User', 'host', ':authority', ':path', '', 'a b', 'x_y', '*', 'é', "!#$%&'*+-.^_`|~"];
}

/** Values that are written with ' ; ' between them. */
function list(text: string): string[] {
  return text.split(' ; ');
}
