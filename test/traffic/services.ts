import type { HTTPRoute } from '../../imports/istio/networking';
import type { Fleet, Rule } from '../../lib';
import { Access, DirectPeering, External, PeeringTls, Port, Routing } from '../../lib';
import { mesh, objectsOf } from '../support/model';

/** A mesh with two services, and a server in no mesh that it may call. */
export function shop(fleet: Fleet) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  const service = (name: string) => consumer.service(name, { namespace: 'web', ports: [Port.http(80)] });
  const saas = External.server({ host: 'pay.vendor.example', ports: [Port.http(80)] });
  const peering = new DirectPeering(fleet, 'pay', { consumer, provider: saas, tls: PeeringTls.plain() });
  const pay = peering.expose(saas, { host: saas.host, allow: [Access.http()] });
  return { consumer, cart: service('cart'), stage: service('stage'), pay };
}

/** Routes that rules for the cart become. */
export function routesOf(rules: (all: ReturnType<typeof shop>) => Rule[]): HTTPRoute[] {
  const objects = objectsOf((fleet) => {
    const all = shop(fleet);
    new Routing(all.consumer, 'cart', { host: all.cart, rules: rules(all) });
  });
  return (objects.one('VirtualService').spec as { http: HTTPRoute[] }).http;
}
