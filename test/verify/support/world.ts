import { readManifests } from '../../../lib/facts/read-manifests';
import { ControlPlane } from '../../../lib/verify/control-plane';
import type { ApplicationFact, MeshFact, WorldFacts } from '../../../lib/verify/world/facts';
import { type Resource, resource } from '../../../lib/verify/world/resource';
import type { Workload } from '../../../lib/verify/world/workloads';
import { World } from '../../../lib/verify/world/world';

/** Metadata exchange as the testbed has it: off. */
const MESH: MeshFact = { env: { PILOT_ENABLE_METADATA_EXCHANGE: 'false' } };

const IMAGES: Readonly<Record<string, ApplicationFact>> = {
  web: { speaks: 'http', statusInPath: '/status/(\\d+)' },
  socket: { speaks: 'tcp' },
  sleep: { speaks: 'none' },
};

/** Objects of clusters, by the cluster's name, as YAML. */
export type Yaml = Readonly<Record<string, string>>;

function resourcesOf(yaml: Yaml): Resource[] {
  return Object.entries(yaml).flatMap(([cluster, text]) =>
    readManifests(text, `${cluster}.yaml`).map(({ manifest, file, line }) =>
      resource(cluster, manifest, { file, line }),
    ),
  );
}

/** A world of YAML, with a mesh in every cluster. */
export function worldOf(yaml: Yaml, facts: Partial<WorldFacts> = {}): World {
  const meshes = Object.fromEntries(
    Object.keys(yaml).map((cluster) => [cluster, { ...MESH, ...facts.meshes?.[cluster] }]),
  );
  return new World({ images: IMAGES, ...facts, meshes }, resourcesOf(yaml));
}

/** The control plane of a single cluster `c1`. */
export function planeOf(yaml: string, mesh: Partial<MeshFact> = {}): ControlPlane {
  const found = worldOf({ c1: yaml }, { meshes: { c1: mesh } }).meshes.get('c1');
  if (!found) throw new Error('there is no c1');
  return new ControlPlane(found);
}

export function workloadOf({ mesh }: ControlPlane, id: string): Workload {
  const found = mesh.workloads.find((one) => `${one.namespace}/${one.name}` === id);
  if (!found) throw new Error(`there is no workload ${id}`);
  return found;
}

export const namespace = (name: string): string => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: { istio-injection: enabled } }
`;

/** A Deployment with a container; its labels are `app` and `version: v1`. */
export function deployment(id: string, image = 'web', port = 8080): string {
  const [itsNamespace, name] = id.split('/');
  return `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${itsNamespace} }
spec:
  template:
    metadata: { labels: { app: ${name}, version: v1 } }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: app, image: example/${image}, ports: [{ containerPort: ${port} }] }]
`;
}

/** A Deployment that is a gateway, with the label \`istio\`. */
export function gatewayDeployment(id: string, label: string): string {
  const [itsNamespace, name] = id.split('/');
  return `
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${itsNamespace} }
spec:
  template:
    metadata:
      labels: { istio: ${label}, sidecar.istio.io/inject: "true" }
      annotations: { inject.istio.io/templates: gateway }
    spec:
      serviceAccountName: ${name}
      containers: [{ name: istio-proxy, image: auto }]
`;
}

/** A Service that selects \`app: <name>\`. */
export function service(id: string, ports: string, more = ''): string {
  const [itsNamespace, name] = id.split('/');
  return `
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${itsNamespace} }
spec: { selector: { app: ${name} }, ports: [${ports}]${more} }
`;
}

/** An Istio object with a spec in flow or block style. */
export function istio(kind: string, id: string, spec: string, metadata = ''): string {
  const [itsNamespace, name] = id.split('/');
  const group = ['PeerAuthentication', 'AuthorizationPolicy'].includes(kind) ? 'security' : 'networking';
  const version = kind === 'EnvoyFilter' ? 'v1alpha3' : 'v1';
  return `
---
apiVersion: ${group}.istio.io/${version}
kind: ${kind}
metadata: { name: ${name}, namespace: ${itsNamespace}${metadata} }
spec:
${spec
  .split('\n')
  .map((line) => `  ${line}`)
  .join('\n')}
`;
}
