import type { Call, Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { outsideClient } from '../support/clients';
import { caller, meshed, server } from '../support/workloads';

/** What is said where TLS does not come about: `lib/verify/run` says the same of any other call. */

const CURL = 'c1/outside/curl';
const WEB = 'c1/app/web';

/** Hosts whose TLS the gateway ends, by its mode and where its bytes lead. */
const HOSTS = {
  new: { mode: 'MUTUAL' },
  old: { mode: 'MUTUAL', maxProtocolVersion: 'TLSV1_2' },
} as const;
const BYTES = {
  ...{ open: 'echo.app', gone: 'echo.app', empty: 'nobody.app', refused: 'nothing.plain' },
  ...{ denied: 'echo.app', 'denied-gone': 'echo.app' },
} as const;

const istio = (kind: string, namespace: string, name: string, spec: object, group = 'networking'): KubeObject => ({
  apiVersion: `${group}.istio.io/v1`,
  kind,
  metadata: { name, namespace },
  spec,
});

const credentialName = 'door';
const gateway = istio('Gateway', 'gw', 'door', {
  selector: { istio: 'door' },
  servers: [
    ...Object.entries(HOSTS).map(([name, tls]) => ({
      port: { number: 443, name: `https-${name}`, protocol: 'HTTPS' },
      hosts: [`${name}.example`],
      tls: { credentialName, ...tls },
    })),
    ...Object.keys(BYTES).map((name) => ({
      port: { number: 9443, name: `tls-${name}`, protocol: 'TLS' },
      hosts: [`${name}.example`],
      tls: { credentialName, mode: 'SIMPLE' },
    })),
  ],
});

const echo = { host: 'echo.app.svc.cluster.local', port: { number: 80 } };
const routes: KubeObject[] = [
  istio('VirtualService', 'gw', 'https', {
    hosts: Object.keys(HOSTS).map((name) => `${name}.example`),
    gateways: ['door'],
    http: [{ route: [{ destination: echo }] }],
  }),
  ...Object.entries(BYTES).map(([name, service]) =>
    istio('VirtualService', 'gw', name, {
      hosts: [`${name}.example`],
      gateways: ['door'],
      tcp: [
        {
          route: [
            {
              destination: {
                host: `${service}.svc.cluster.local`,
                port: { number: name.endsWith('gone') ? 81 : 80 },
              },
            },
          ],
        },
      ],
    }),
  ),
];

/** Sidecars call all of these hosts in clear text, and put TLS around it. */
function known(name: string, port: number): KubeObject[] {
  const host = `${name}.example`;
  return [
    istio('ServiceEntry', 'app', name, {
      hosts: [host],
      ports: [{ number: 80, targetPort: port, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
      endpoints: [{ address: 'door.gw.svc.cluster.local' }],
    }),
    istio('DestinationRule', 'app', name, {
      host,
      trafficPolicy: { tls: { mode: 'SIMPLE', insecureSkipVerify: true } },
    }),
  ];
}

const labels = { istio: 'door' };
const door: KubeObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'door', namespace: 'gw' } },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'door', namespace: 'gw' },
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'door', namespace: 'gw' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'door' },
    subjects: [{ kind: 'ServiceAccount', name: 'door', namespace: 'gw' }],
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'door', namespace: 'gw' },
    spec: {
      selector: labels,
      ports: [
        { name: 'https', port: 443, targetPort: 8443 },
        { name: 'tls', port: 9443, targetPort: 9443 },
      ],
    },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'door', namespace: 'gw' },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: {
          annotations: { 'inject.istio.io/templates': 'gateway' },
          labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
        },
        spec: { serviceAccountName: 'door', containers: [{ name: 'istio-proxy', image: 'auto' }] },
      },
    },
  },
];

const denied = istio(
  'AuthorizationPolicy',
  'gw',
  'denied',
  {
    action: 'DENY',
    rules: [{ when: [{ key: 'connection.sni', values: ['denied.example', 'denied-gone.example'] }] }],
  },
  'security',
);

const direct = (name: string, expect: Call['expect'], why: string, more: Partial<Call> = {}): Call => ({
  ...{ from: CURL, url: `https://door.gw:${name in HOSTS ? 443 : 9443}/`, sni: `${name}.example`, ...more },
  ...{ expect, why },
});
const sidecar = (name: string, expect: Call['expect'], why: string): Call => ({
  ...{ from: WEB, url: `http://${name}.example/`, expect, why },
});

const tls: Scenario = {
  name: 'testbed/tls',
  certificates: [
    { name: 'door', ca: 'ca', san: Object.keys({ ...HOSTS, ...BYTES }).map((name) => `DNS:${name}.example`) },
    { name: 'stranger', ca: 'other-ca', san: ['DNS:stranger.example'], eku: 'clientAuth' },
  ],
  clusters: {
    c1: {
      dns: Object.fromEntries(Object.keys({ ...HOSTS, ...BYTES }).map((name) => [`${name}.example`, '10.99.0.1'])),
      secrets: [
        { namespace: 'gw', name: 'door', data: { 'tls.crt': 'cert:door', 'tls.key': 'key:door', 'ca.crt': 'ca:ca' } },
      ],
      objects: [
        ...outsideClient(),
        ...[meshed('app'), meshed('gw')],
        ...caller('app', 'web'),
        ...server('app', 'echo', { ports: { http: 80 } }),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'nobody', namespace: 'app' },
          spec: { selector: { app: 'nobody' }, ports: [{ name: 'http', port: 80 }] },
        },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'plain' } },
        ...server('plain', 'quiet', { ports: { http: 80 } }),
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: { name: 'nothing', namespace: 'plain' },
          spec: { selector: { app: 'quiet' }, ports: [{ name: 'http', port: 80, targetPort: 9999 }] },
        },
        ...door,
        ...[gateway, ...routes, denied],
        ...Object.keys(HOSTS).flatMap((name) => known(name, 443)),
        ...Object.keys(BYTES).flatMap((name) => known(name, 9443)),
      ],
    },
  },
  calls: [
    direct('new', { error: 'curl 56' }, 'a certificate is missing: TLS 1.3 says so after the handshake'),
    direct('new', { error: 'curl 56' }, 'a certificate of somebody else', { as: 'stranger' }),
    direct('old', { error: 'curl 35' }, 'a certificate is missing: TLS 1.2 says so in the handshake'),
    direct('old', { error: 'curl 35' }, 'a certificate of somebody else', { as: 'stranger' }),
    direct('old', { error: 'curl 35' }, 'a version that is too new', { tls: { min: '1.3' } }),
    sidecar('new', { code: 503, flags: 'UC' }, 'the connection stood when the gateway ended it'),
    sidecar('old', { code: 503, flags: 'UF' }, 'the connection never stood'),
    direct('open', { code: 200 }, 'bytes that lead somewhere'),
    sidecar('open', { code: 200 }, 'from a sidecar, too'),
    direct('gone', { error: 'curl 35', flags: 'NC' }, 'no cluster: closed before the handshake'),
    sidecar('gone', { code: 503, flags: 'NC' }, 'no cluster'),
    direct('empty', { error: 'curl 35', flags: 'UH' }, 'no endpoint: closed before the handshake'),
    sidecar('empty', { code: 503, flags: 'UH' }, 'no endpoint'),
    direct('refused', { error: '' }, 'a server that refuses: the TLS may stand already'),
    sidecar('refused', { code: 503 }, 'a server that refuses'),
    direct('denied', { error: '' }, 'a policy reads the first byte before it denies'),
    sidecar('denied', { code: 503, flags: 'UC' }, 'a policy'),
    direct('denied-gone', { error: 'curl 35', flags: 'NC' }, 'no cluster, which comes before the policy'),
    sidecar('denied-gone', { code: 503, flags: 'NC' }, 'no cluster'),
  ],
};

export default tls;
