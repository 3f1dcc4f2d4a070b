import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  DirectPeering,
  External,
  type Fleet,
  Istio,
  Mesh,
  type MeshProps,
  type MeshService,
  MtlsPolicy,
  Ossm,
  PeeringTls,
  Port,
  TrustBundle,
  Workload,
} from '../lib';

/** A mesh that takes mTLS only, with exceptions for a workload, a port and a namespace, and a callee in no mesh. */
function modes(cluster: Cluster, props: MeshProps): Mesh {
  const mesh = new Mesh(cluster, 'modes', props);
  for (const namespace of ['client', 'server', 'legacy']) mesh.namespace(namespace, { create: true });
  workload(mesh, 'sleep', 'client', Port.http(80));
  workload(mesh, 'strict', 'server');
  new MtlsPolicy(mesh, 'permissive-mode', { mode: 'PERMISSIVE', service: workload(mesh, 'permissive', 'server') });
  new MtlsPolicy(mesh, 'disabled-mode', { mode: 'DISABLE', service: workload(mesh, 'disabled', 'server') });
  new MtlsPolicy(mesh, 'plain-port-mode', {
    mode: 'STRICT',
    ports: { 8000: 'DISABLE' },
    service: workload(mesh, 'plain-port', 'server'),
  });
  workload(mesh, 'old', 'legacy');
  new MtlsPolicy(mesh, 'legacy-mode', { mode: 'DISABLE', namespace: 'legacy' });

  const greeting = External.server({ host: 'greeting.no-mesh.svc.cluster.local', ports: [Port.http(8080)] });
  new DirectPeering(cluster, 'greeting', {
    consumer: mesh,
    provider: greeting,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('client'),
  }).expose(greeting, { host: greeting.host, allow: [Access.http()] });
  return mesh;
}

function workload(mesh: Mesh, name: string, namespace: string, port = Port.http(8000)): MeshService {
  const service = mesh.service(name, { namespace, ports: [port] });
  new Workload(mesh, name, { service, image: `quay.io/example/${name === 'sleep' ? 'sleep' : 'httpbin'}:1.0` });
  return service;
}

/** On Istio: the policy of the whole mesh is ours, and automatic mTLS finds the exceptions. */
export function istio(fleet: Fleet): void {
  const mesh = modes(new Cluster(fleet, 'modes'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY' }),
  });
  new MtlsPolicy(mesh, 'mesh-mode', { mode: 'STRICT' });
}

/** On OpenShift Service Mesh 2.6: the control plane writes the policy of the whole mesh, its root is plugged in. */
export function ossm(fleet: Fleet): void {
  modes(new Cluster(fleet, 'modes'), {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('istio-system-certs', {
      outboundTrafficPolicy: 'REGISTRY_ONLY',
      mtls: true,
      pluggedInCa: true,
    }),
    root: TrustBundle.declared('company-root'),
  });
}
