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
  Ossm,
  PeeringTls,
  Port,
  Workload,
} from '../lib';

/** External services, un-encrypted: a mesh that asks for mTLS everywhere calls a workload without a sidecar. */
function greetings(cluster: Cluster, props: MeshProps): void {
  const client = new Mesh(cluster, 'client', props);
  client.namespace('greetings-client', { create: true });
  const caller = client.service('rest-greeting-client', { namespace: 'greetings-client', ports: [Port.http(8080)] });
  new Workload(client, 'caller', { service: caller, image: 'quay.io/example/rest-greeting-client:1.0' });

  const remote = External.server({
    host: 'rest-greeting-remote.greetings-service.svc.cluster.local',
    ports: [Port.http(8080)],
  });
  new DirectPeering(cluster, 'greeting', {
    consumer: client,
    provider: remote,
    tls: PeeringTls.plain(),
    callers: Callers.namespaces('greetings-client'),
  }).expose(remote, { host: remote.host, allow: [Access.http()] });
}

/** On Istio. */
export function istio(fleet: Fleet): void {
  greetings(new Cluster(fleet, 'client'), {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { outboundTrafficPolicy: 'REGISTRY_ONLY', mtls: true }),
  });
}

/** On OpenShift Service Mesh 2.6, whose `mtls: true` makes a rule that would encrypt the call. */
export function ossm(fleet: Fleet): void {
  greetings(new Cluster(fleet, 'client'), {
    platform: Ossm.v2_6(),
    controlPlane: ControlPlane.smcp('istio-system-client', { outboundTrafficPolicy: 'REGISTRY_ONLY', mtls: true }),
    trustDomain: 'client.local',
  });
}
