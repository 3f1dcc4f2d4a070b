/** A program as users write it: `node program.js <units> <folder>`. A unit is a service of one mesh that another calls. */
import {
  Access,
  Address,
  Callers,
  Cluster,
  ControlPlane,
  Credential,
  EgressGatewayPeering,
  Fleet,
  Gateway,
  Identity,
  Istio,
  Mesh,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
} from '../../../lib';

/** States two meshes and units with the names that are given: 11 objects each. */
export function units(fleet: Fleet, names: readonly string[]): void {
  const consumer = mesh(fleet, 'a');
  const provider = mesh(fleet, 'b');
  const signer = TrustBundle.declared('corporate');
  const client = Identity.spiffe('a.example.com/ns/gateways/sa/egress');
  const server = Identity.dns('ingress.b.example.com');
  const peering = new EgressGatewayPeering(fleet, 'peer', {
    consumer,
    provider,
    egress: new Gateway(consumer, 'egress', { kind: 'egress', namespace: 'gateways' }),
    ingress: new Gateway(provider, 'ingress', {
      kind: 'ingress',
      namespace: 'gateways',
      address: Address.hostname('ingress.b.example.com'),
    }),
    tls: PeeringTls.mutual({
      client: Credential.secret('egress-cert', { identity: client, signer }),
      server: Credential.secret('ingress-cert', { identity: server, signer }),
    }),
    callers: Callers.namespaces('team'),
  });
  for (const name of names) {
    const service = provider.service(name, { namespace: 'team', ports: [Port.http(8000)] });
    const allow = [Access.http({ methods: ['GET', 'POST'], paths: [`/${name}/*`, '/health'] })];
    const exposure = peering.expose(service, { host: `${name}.b.example.com`, allow });
    const alias = consumer.alias(`remote-${name}`, { namespace: 'team', port: Port.http(80) });
    new Routing(consumer, name, { host: alias, rules: [Rule.otherwise().to(exposure)] });
  }
}

function mesh(fleet: Fleet, id: string): Mesh {
  const made = new Mesh(new Cluster(fleet, id), id, {
    platform: Istio.v1_31(),
    controlPlane: ControlPlane.existing('istio-system'),
    trustDomain: `${id}.example.com`,
  });
  made.namespace('gateways', { create: true });
  made.namespace('team', { create: true });
  return made;
}

if (require.main === module) {
  const [count, outdir] = process.argv.slice(2);
  const fleet = new Fleet({ outdir, print: () => {} });
  units(
    fleet,
    Array.from({ length: Number(count) }, (_, index) => `svc${index}`),
  );
  fleet.synth();
}
