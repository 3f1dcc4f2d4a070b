import type { KubeObject } from '../kubernetes/types';

/** A client without a sidecar in a namespace of its own, which the scenarios do not emit: somebody outside the mesh. */
export function outsideClient(namespace = 'outside', name = 'curl'): KubeObject[] {
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, client(namespace, name)];
}

/** A workload that only calls. */
export function client(namespace: string, name: string, podLabels: Record<string, string> = {}): KubeObject {
  const labels = { app: name, version: 'v1' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, ...podLabels } },
        spec: { containers: [{ name, image: 'bed/sleep' }] },
      },
    },
  };
}
