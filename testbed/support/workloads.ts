import type { KubeObject } from '../kubernetes/types';

/** A namespace whose pods get a sidecar. */
export const meshed = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'istio-injection': 'enabled' } },
});

/** A workload that only calls, with a ServiceAccount of its own name. */
export function caller(namespace: string, name: string, serviceAccount = name): KubeObject[] {
  return workload(namespace, name, { serviceAccount, image: 'bed/sleep', ports: [] });
}

export interface ServerOptions {
  /** Ports of the Service by name: the number, or the number and the container's. */
  ports: Readonly<Record<string, number | readonly [service: number, container: number]>>;
  /** What it serves: see `kubernetes/apps.ts`. @default bed/echo */
  image?: string;
  /** Label `version`; the Deployment of another than `v1` is called `<name>-<version>`. @default v1 */
  version?: string;
  /** @default - the name */
  serviceAccount?: string;
  /** Secret mounted at /etc/certs. @default - none */
  certificate?: string;
  /** Labels of the pods besides `app` and `version`. @default - none */
  labels?: Readonly<Record<string, string>>;
}

/** A workload that answers: Service, ServiceAccount and Deployment. */
export function server(namespace: string, name: string, options: ServerOptions): KubeObject[] {
  const ports = Object.entries(options.ports).map(([portName, number]) => {
    const [port, targetPort] = typeof number === 'number' ? [number, number] : number;
    return { name: portName, port, targetPort };
  });
  const spec = { selector: { app: name }, ports };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec },
    ...workload(namespace, name, {
      serviceAccount: name,
      image: 'bed/echo',
      ...options,
      ports: [...new Set(ports.map(({ targetPort }) => targetPort))],
    }),
  ];
}

interface WorkloadOptions extends Omit<ServerOptions, 'ports'> {
  serviceAccount: string;
  image: string;
  ports: readonly number[];
}

function workload(namespace: string, name: string, options: WorkloadOptions): KubeObject[] {
  const { serviceAccount, image, version = 'v1', ports, certificate, labels = {} } = options;
  const selected = { app: name, version };
  const container = {
    ...{ name, image },
    ...(ports.length > 0 && { ports: ports.map((containerPort) => ({ containerPort })) }),
    ...(certificate && { volumeMounts: [{ name: 'certs', mountPath: '/etc/certs', readOnly: true }] }),
  };
  const pod = {
    serviceAccountName: serviceAccount,
    containers: [container],
    ...(certificate && { volumes: [{ name: 'certs', secret: { secretName: certificate } }] }),
  };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccount, namespace } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: version === 'v1' ? name : `${name}-${version}`, namespace },
      spec: {
        selector: { matchLabels: selected },
        template: { metadata: { labels: { ...selected, ...labels } }, spec: pod },
      },
    },
  ];
}
