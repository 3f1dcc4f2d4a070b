import { Deployment, ServiceType } from 'cdk8s-plus-27';
import { Manifests, Testing } from '../../lib/testing';
import { mesh } from '../support/model';

test('constructs of cdk8s-plus stand in a chart of a mesh, beside what the mesh writes', () => {
  const fleet = Testing.fleet();
  const shop = mesh(fleet, 'shop');
  shop.namespace('orders', { create: true });
  // WHEN
  const chart = shop.chart('orders');
  const deployment = new Deployment(chart, 'orders', {
    metadata: { name: 'orders', namespace: 'orders' },
    replicas: 2,
    containers: [{ image: 'registry.example/orders:1', portNumber: 8000 }],
  });
  deployment.exposeViaService({
    name: 'orders',
    serviceType: ServiceType.CLUSTER_IP,
    ports: [{ port: 80, targetPort: 8000 }],
  });
  // THEN
  const manifests = Manifests.of(fleet).cluster('shop-cluster');
  manifests.has('Deployment', 'orders/orders', { spec: { replicas: 2 } });
  manifests.has('Service', 'orders/orders', { spec: { type: 'ClusterIP', ports: [{ port: 80, targetPort: 8000 }] } });
  manifests.has('Namespace', 'orders');
});
