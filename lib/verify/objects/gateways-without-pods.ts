import { selects } from '../../facts/labels';
import { isGatewayApi } from '../world/gateway-api';
import type { GatewaySpec } from '../world/istio-types';
import type { World } from '../world/world';

const MOST_NAMES = 3;

/** Says which Gateways have no pod among the manifests: nothing can be said of what goes through them. */
export function gatewaysWithoutPods(world: World): string[] {
  return [...world.meshes.values()].flatMap((mesh) => {
    const gateways = mesh
      .kind<GatewaySpec>('Gateway')
      .filter((one) => !isGatewayApi(one))
      .filter(({ spec }) => !mesh.workloads.some(({ labels }) => selects(spec.selector, labels)))
      .map(({ namespace, name }) => `${namespace}/${name}`)
      .sort();
    if (gateways.length === 0) return [];
    const more = gateways.length > MOST_NAMES ? ` and ${gateways.length - MOST_NAMES} more` : '';
    const what = gateways.length === 1 ? 'Gateway' : 'Gateways';
    const [it, goes] = gateways.length === 1 ? ['it', 'selects'] : ['them', 'select'];
    return [
      `${what} ${gateways.slice(0, MOST_NAMES).join(', ')}${more} @${mesh.cluster} ${goes} no pod of the manifests: what goes through ${it} is not known`,
    ];
  });
}
