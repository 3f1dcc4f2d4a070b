import {
  Access,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Istio,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../lib';
import { service, shop } from './traffic-rules';

const VENDOR_CA = TrustBundle.declared('vendor-ca');

/**
 * Callers dial the host of a SaaS. A tenth of what would leave comes home, and everything that a tester sends: through an
 * egress gateway for one host, straight from the sidecar for another.
 */
export function saas(fleet: Fleet): void {
  const mesh = shop(fleet);
  const egress = new Gateway(mesh, 'egress', { kind: 'egress', namespace: 'shop-egress' });
  mesh.namespace('shop-egress', { create: true });
  const server = (host: string) => External.server({ host, ports: [Port.http(443)] });
  const simple = (host: string) => PeeringTls.simple({ server: new PeerEnd(Identity.dns(host), VENDOR_CA) });
  const pay = server('pay.vendor.example');
  const tax = server('tax.vendor.example');
  const exposures = {
    pay: new EgressGatewayPeering(fleet, 'pay', {
      consumer: mesh,
      provider: pay,
      egress,
      tls: simple(pay.host),
    }).expose(pay, { host: pay.host, allow: [Access.http()] }),
    tax: new DirectPeering(fleet, 'tax', {
      consumer: mesh,
      provider: tax,
      tls: simple(tax.host),
      callers: Callers.workload({ namespace: 'shop', labels: { app: 'checkout' }, serviceAccounts: ['checkout'] }),
    }).expose(tax, { host: tax.host, allow: [Access.http()] }),
  };
  for (const [name, exposure] of Object.entries(exposures)) {
    const home = service(mesh, `${name}-home`, Port.http(8000));
    new Routing(mesh, name, {
      host: exposure,
      rules: [
        Rule.when({ headers: { 'x-try': 'home' } }).to(home),
        Rule.otherwise().to({ weight: 90, to: exposure }, { weight: 10, to: home }),
      ],
    });
  }
}

/** Copies of what the partner's production answers go to its stage, which takes them under the host of production. */
export function mirror(fleet: Fleet): void {
  const consumer = shop(fleet);
  copies(
    fleet,
    consumer,
    (name, sides) =>
      new DirectPeering(fleet, name, {
        ...sides,
        callers: Callers.workload({ namespace: 'shop', labels: { app: 'checkout' }, serviceAccounts: ['checkout'] }),
      }),
  );
}

/** The same through egress gateways: one for the originals, one for the copies, because behind one a host leads one way. */
export function mirrorThroughGateways(fleet: Fleet): void {
  const consumer = shop(fleet);
  consumer.namespace('shop-egress', { create: true });
  copies(fleet, consumer, (name, sides) => {
    const egress = new Gateway(consumer, `to-${name}`, { kind: 'egress', namespace: 'shop-egress' });
    return new EgressGatewayPeering(fleet, name, { ...sides, egress, callers: Callers.namespaces('shop') });
  });
}

type Simple = ReturnType<typeof PeeringTls.simple>;
type Sides = { consumer: Mesh; provider: Mesh; ingress: Gateway; tls: Simple };

function copies(
  fleet: Fleet,
  consumer: Mesh,
  peer: (name: string, sides: Sides) => DirectPeering<Simple> | EgressGatewayPeering<Simple>,
): void {
  const partner = new Mesh(new Cluster(fleet, 'partner'), 'partner', {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
  });
  partner.namespace('gateways', { create: true });
  const exposed = (name: 'production' | 'stage', mirrorOf?: string[]) => {
    const host = `${name}.partner.example`;
    const ingress = new Gateway(partner, name, {
      kind: 'ingress',
      namespace: 'gateways',
      ports: [GatewayPort.https(443)],
      denyByDefault: true,
    });
    const quotes = partner.service(`quotes-${name}`, { namespace: 'broker', ports: [Port.http(8000)] });
    const server = Credential.secret(`${name}-credential`, { identity: Identity.dns(host), signer: VENDOR_CA });
    const tls = PeeringTls.simple({ server });
    return peer(name, { consumer, provider: partner, ingress, tls }).expose(quotes, {
      host,
      allow: [Access.http({ methods: ['GET'] })],
      ...(mirrorOf && { mirrorOf }),
    });
  };
  const production = exposed('production');
  const stage = exposed('stage', [production.host]);
  new Routing(consumer, 'quotes', {
    host: consumer.alias('quotes', { namespace: 'shop', port: Port.http(8000) }),
    rules: [
      Rule.otherwise()
        .to(production)
        .with({ mirror: { to: stage } }),
    ],
  });
}
