import type { Bed } from '../bed/bed';
import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { caller, meshed } from '../support/workloads';

const WEB = 'shop/orders/web';
const HOST = 'stock.store.example';

const calls: Call[] = [
  {
    from: WEB,
    url: `http://${HOST}/items`,
    repeat: 10,
    expect: { spread: ['stock-v1'], hops: [{ at: 'store/internal', received: { sni: HOST }, code: 200 }] },
    why: 'both pods are ready, behind a gateway with options of its own',
  },
  {
    from: WEB,
    url: `http://${HOST}/items`,
    method: 'POST',
    expect: { code: 403, hops: [{ at: 'store/internal', code: 403 }] },
    why: 'what nobody allows',
  },
  {
    from: 'store/outside/curl',
    url: 'http://stock.stock/ready',
    expect: { error: 'curl 56' },
    why: 'STRICT: without a certificate of the mesh nobody reaches the path that the kubelet asks for',
  },
];

interface Pod {
  readonly spec: { readonly containers: readonly Container[] };
}
interface Container {
  readonly name: string;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
}
interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: number };
}

/** Every probe of the container asks the agent beside its proxy. */
async function areRewritten(bed: Bed): Promise<void> {
  const { stdout } = await bed.kubectl('store', ['get', 'pods', '-n', 'stock', '-l', 'app=stock', '-o', 'json']);
  const { items } = JSON.parse(stdout) as { items: Pod[] };
  for (const { spec } of items) {
    const container = spec.containers.find(({ name }) => name === 'stock');
    for (const [kind, path] of Object.entries({ readiness: 'readyz', startup: 'startupz', liveness: 'livez' })) {
      const { httpGet } = container?.[`${kind}Probe` as 'readinessProbe'] ?? {};
      if (httpGet?.port === 15020 && httpGet.path === `/app-health/stock/${path}`) continue;
      throw new Error(`the ${kind} probe is not rewritten: ${JSON.stringify(httpGet)}`);
    }
  }
  if (items.length !== 2) throw new Error(`expected 2 pods, found ${items.length}`);
}

const scenario: Scenario = {
  name: 'production/istio',
  certificates: [{ name: 'stock', ca: 'store-ca', san: [`DNS:${HOST}`], eku: 'serverAuth' }],
  clusters: {
    shop: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: { [HOST]: 'store:store-gateways/internal' },
      secrets: [{ namespace: 'orders', name: 'store-ca', data: { 'ca.crt': 'ca:store-ca' } }],
      objects: [meshed('orders'), ...caller('orders', 'web')],
      apply: ['dist/production/istio/shop'],
    },
    store: {
      secrets: [
        {
          namespace: 'store-gateways',
          name: 'stock-server',
          data: { 'tls.crt': 'cert:stock', 'tls.key': 'key:stock' },
        },
      ],
      objects: outsideClient(),
      apply: ['dist/production/istio/store'],
    },
  },
  calls,
  test: areRewritten,
};

export default [scenario];
