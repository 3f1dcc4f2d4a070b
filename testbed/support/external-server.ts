import type { Call } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { server as workload } from './workloads';

/** Where servers stand that are in no mesh. */
export const NAMESPACE = 'internet';

interface ServerOptions {
  tls: boolean;
  /** File of the authority of clients, in its Secret. @default - clients need no certificate */
  clientCa?: string;
  port?: number;
  /** What it answers. @default - what it saw of the request */
  answer?: string;
}

/** A server in no mesh that is reached by an address outside of the pods' network. */
export function server(name: string, more: ServerOptions): KubeObject[] {
  const port = more.tls ? 8443 : 8080;
  const labels = { app: name, version: 'v1' };
  const container = {
    name,
    image: more.tls ? 'bed/https-echo' : 'bed/http-echo',
    ports: [{ containerPort: port }],
    env: [
      ...(more.clientCa ? [{ name: 'CLIENT_CA', value: more.clientCa }] : []),
      ...(more.answer ? [{ name: 'ANSWER', value: more.answer }] : []),
    ],
    ...(more.tls && { volumeMounts: [{ name: 'certs', mountPath: '/etc/certs' }] }),
  };
  const volumes = more.tls ? { volumes: [{ name: 'certs', secret: { secretName: `${name}-server` } }] } : {};
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        ports: [{ name: 'main', port: more.port ?? (more.tls ? 443 : 80), targetPort: port }],
      },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: NAMESPACE },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container], ...volumes } },
      },
    },
  ];
}

/** A server of bytes in no mesh, at its own port: in clear text, or in TLS with the key pair of its name. */
export function bytesServer(name: string, port: number, { tls = false } = {}): KubeObject[] {
  const options = {
    ports: { tcp: port },
    image: tls ? 'bed/tls-echo' : 'bed/tcp-echo',
    ...(tls && { certificate: `${name}-server` }),
  };
  return workload(NAMESPACE, name, options).map((object) =>
    object.kind === 'Service' ? { ...object, spec: { ...(object.spec as object), type: 'LoadBalancer' } } : object,
  );
}

/** The key pair of such a server. */
export const serverSecret = (name: string, roots: Record<string, string> = {}) => ({
  namespace: NAMESPACE,
  name: `${name}-server`,
  data: { 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}`, ...roots },
});

/** What every call through the gateway has in common: the mesh's own mTLS up to it. */
export const through = (
  host: string,
  caller: string,
  sent: 'tls' | 'clear',
  at = 'client/egress',
): Call['expect']['hops'] => [
  {
    at,
    received: { sni: host, peer: `spiffe://cluster.local/ns/branch/sa/${caller}` },
    sent,
    code: 200,
  },
];
