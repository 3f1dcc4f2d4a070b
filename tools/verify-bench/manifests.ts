import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Applications of a namespace, of five objects each. */
const APPS = 20;

/** Names of what {@link manifests} makes. */
export interface Estate {
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  readonly apps: readonly string[];
}

/** How an estate of about so many objects is laid out. */
export function estate(objects: number, clusters = 4): Estate {
  const names = (prefix: string, n: number) => Array.from({ length: n }, (_, index) => `${prefix}${index + 1}`);
  const namespaces = Math.max(1, Math.round(objects / clusters / (APPS * 5 + 1)));
  return { clusters: names('c', clusters), namespaces: names('team-', namespaces), apps: names('app-', APPS) };
}

/** The manifests of one namespace: applications with a Service, routes, subsets, and who may call. */
export function manifests(namespace: string, { apps }: Estate): object[] {
  const metadata = (name: string) => ({ name, namespace });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'istio-injection': 'enabled' } } },
    ...apps.flatMap((app) => {
      const labels = { app, version: 'v1' };
      const container = { name: 'app', image: 'example/web:1', ports: [{ containerPort: 8080 }] };
      const destination = (subset?: string) => [{ destination: { host: app, ...(subset ? { subset } : {}) } }];
      return [
        {
          apiVersion: 'v1',
          kind: 'Service',
          metadata: metadata(app),
          spec: { selector: { app }, ports: [{ name: 'http', port: 8080, targetPort: 8080 }] },
        },
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: metadata(app),
          spec: {
            selector: { matchLabels: { app } },
            template: { metadata: { labels }, spec: { serviceAccountName: app, containers: [container] } },
          },
        },
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'VirtualService',
          metadata: metadata(app),
          spec: {
            hosts: [app],
            http: [{ match: [{ uri: { prefix: '/v1' } }], route: destination('v1') }, { route: destination() }],
          },
        },
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'DestinationRule',
          metadata: metadata(app),
          spec: { host: app, subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
        },
        {
          apiVersion: 'security.istio.io/v1',
          kind: 'AuthorizationPolicy',
          metadata: metadata(app),
          spec: {
            selector: { matchLabels: { app } },
            rules: [{ from: [{ source: { namespaces: [namespace] } }], to: [{ operation: { methods: ['GET'] } }] }],
          },
        },
      ];
    }),
  ];
}

/** Writes an estate as folders of YAML, a folder per cluster and a file per namespace; how many objects it has. */
export function writeEstate(folder: string, size: Estate, toYaml: (object: object) => string): number {
  let count = 0;
  for (const cluster of size.clusters) {
    mkdirSync(join(folder, cluster), { recursive: true });
    for (const namespace of size.namespaces) {
      const objects = manifests(namespace, size);
      count += objects.length;
      writeFileSync(join(folder, cluster, `${namespace}.yaml`), objects.map(toYaml).join('---\n'));
    }
  }
  return count;
}
