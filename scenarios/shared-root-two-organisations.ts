import { join } from 'node:path';
import {
  Access,
  Address,
  Callers,
  Cluster,
  Contract,
  ControlPlane,
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

const root = TrustBundle.declared('shared-root', { rootSha256: ['a1'.repeat(32)] });

/** What the provider's repository wrote, and somebody copied. */
const CONTRACT = join(__dirname, '../dist/shared-root/two-organisations-1-provider/contracts/c1-c2.json');

/** The provider's repository: of the consumer it knows name, trust domain and root. */
export function provider(fleet: Fleet): void {
  const c1 = Mesh.external(fleet, 'c1', { trustDomain: 'cluster.local', root });
  const c2 = new Mesh(new Cluster(fleet, 'c2'), 'c2', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pluggedInCa: true }),
    root,
  });
  c2.namespace('bar', { create: true });
  new MtlsPolicy(c2, 'strict', { mode: 'STRICT' });
  const ingress = new Gateway(c2, 'eastwest', {
    kind: 'ingress',
    namespace: 'istio-system',
    ports: [GatewayPort.tls()],
    address: Address.ip('10.72.0.30'),
    denyByDefault: false,
    replicas: [1, 1],
  });
  const peering = new SharedRootPeering(fleet, 'c1-c2', { consumer: c1, provider: c2, ingress, domain: 'cluster2' });
  const httpbin = c2.service('httpbin', { namespace: 'bar', ports: [Port.http(8000)] });
  peering.expose(httpbin, { allow: [Access.http({ from: [c1.principal('foo/sleep')] })] });
}

/** The consumer's repository: it reads the contract that the provider's wrote. */
export function consumer(fleet: Fleet): void {
  const c1 = new Mesh(new Cluster(fleet, 'c1'), 'c1', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system', { pluggedInCa: true, dnsCapture: true }),
    root,
  });
  c1.namespace('foo', { create: true });
  const contract = Contract.file(CONTRACT);
  SharedRootPeering.fromContract(fleet, { consumer: c1, contract, callers: Callers.namespaces('foo') }).exposure(
    'bar/httpbin:8000',
  );
}
