import { Duration } from 'cdk8s';
import {
  Access,
  Address,
  Cluster,
  ControlPlane,
  Failover,
  type Fleet,
  Gateway,
  GatewayPort,
  Istio,
  Mesh,
  MtlsPolicy,
  Port,
  SharedRootPeering,
  TrustBundle,
} from '../lib';

/** helloworld of the own mesh first, then that of c2, then that of c3. */
export function istio(fleet: Fleet): void {
  const root = TrustBundle.declared('shared-root', { rootSha256: ['a1'.repeat(32)] });
  const mesh = (name: string) =>
    new Mesh(new Cluster(fleet, name), name, {
      platform: Istio.v1_31(),
      controlPlane: ControlPlane.existing('istio-system', { pluggedInCa: true, dnsCapture: true }),
      root,
    });
  const c1 = mesh('c1');
  c1.namespace('sample', { create: true });
  const port = Port.http(5000);
  const service = (owner: Mesh) => owner.service('helloworld', { namespace: 'sample', ports: [port] });
  const everywhere = new Failover(c1, 'helloworld', {
    host: 'helloworld.sample.global',
    port,
    locality: 'c1/c1-a',
    local: service(c1),
    next: 'c2',
    // a single failed call is enough, and the way back is short, so that a test has not to wait
    ejection: { consecutive5xxErrors: 1, interval: Duration.seconds(1), baseEjectionTime: Duration.seconds(5) },
  });
  for (const name of ['c3', 'c2']) {
    const provider = mesh(name);
    provider.namespace('sample', { create: true });
    new MtlsPolicy(provider, 'strict', { mode: 'STRICT' });
    const ingress = new Gateway(provider, 'eastwest', {
      kind: 'ingress',
      namespace: 'istio-system',
      ports: [GatewayPort.tls()],
      address: Address.hostname(`gateway.${name}.example`),
      denyByDefault: false,
      replicas: [1, 1],
    });
    new SharedRootPeering(fleet, `c1-${name}`, { consumer: c1, provider, ingress, domain: 'global' }).expose(
      service(provider),
      { allow: [Access.http({ from: [c1.principal('sample/*')] })], failover: everywhere.at(`${name}/${name}-a`) },
    );
  }
}
