import {
  Access,
  Address,
  Callers,
  Credential,
  EgressGatewayPeering,
  type EgressTls,
  type Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../lib';
import { Contract } from '../../lib/facts/contract';
import { mesh, synth } from '../support/model';

// GIVEN a provider and a consumer who share nothing but the contract

type Mode = EgressTls['mode'];

const HOST = 'insurances.partner.example';
const agencyCa = TrustBundle.declared('agency-ca', { rootSha256: ['a1'.repeat(32)] });
const partnerCa = TrustBundle.declared('partner-ca', { rootSha256: ['b2'.repeat(32)] });
const identity = Identity.spiffe('agency.example/egress');
const client = Credential.secret('egress-client', { identity, signer: agencyCa });
const callers = Callers.serviceAccounts('travel/web');

const ADDRESSES = {
  'the host itself': undefined,
  'a name': Address.hostname('lb.partner.example'),
  'IP addresses': Address.ip('192.0.2.1', '192.0.2.2'),
  'a port of nodes': Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }),
};

function hop(mode: Mode, end: Credential<'sds'> | PeerEnd<'declared'>): EgressTls {
  const server = Credential.secret('server', { identity: Identity.dns(HOST), signer: partnerCa });
  switch (mode) {
    case 'plain':
      return PeeringTls.plain();
    case 'simple':
      return PeeringTls.simple({ server });
    case 'mutual':
      return PeeringTls.mutual({ client: end, server });
    case 'application':
      return PeeringTls.application({ server: Identity.dns(HOST) });
  }
}

/** The consumer's own: its mesh and its gateway. */
function agency(fleet: Fleet) {
  const consumer = mesh(fleet, 'agency', {}, 'east');
  consumer.namespace('travel');
  return { consumer, egress: new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' }) };
}

/** The provider's own: what it exposes to whom. */
function provide(fleet: Fleet, mode: Mode, address: Address | undefined) {
  const provider = mesh(fleet, 'partner', {}, 'west');
  const ports = [mode === 'plain' ? GatewayPort.http() : GatewayPort.https()];
  const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', ports, address });
  const service = provider.service('insurances', {
    namespace: 'broker',
    ports: [mode === 'application' ? Port.tls(8443) : Port.http(8000)],
    subsets: { v1: { version: 'v1' } },
  });
  const expose = (peering: EgressGatewayPeering) => {
    const allow = [mode === 'application' ? Access.tcp() : Access.http({ methods: ['GET'] })];
    // which protocols a hop can carry is what the types are tested for
    peering.expose(service as never, { host: HOST, allow });
    peering.expose(service as never, { host: `v1.${HOST}`, subset: 'v1', port: 8080, allow });
  };
  return { provider, ingress, expose };
}

/** Files that clusters read, and the contract of the peering; a mesh contract is for another repository alone. */
const shared = (files: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(files).filter(([path]) => !path.startsWith('fleet.') && !path.endsWith('.mesh.json')),
  );

describe.each(['plain', 'simple', 'mutual', 'application'] as const)('%s', (mode) => {
  test.each(Object.entries(ADDRESSES))('the provider at %s: two repositories write what one would', (_, address) => {
    // WHEN one repository knows both
    const together = shared(
      synth((fleet) => {
        const { expose, ...partner } = provide(fleet, mode, address);
        expose(
          new EgressGatewayPeering(fleet, 'premium', {
            ...agency(fleet),
            ...partner,
            tls: hop(mode, client),
            ...(mode !== 'application' && { callers }),
            onlyWayOut: ['travel'],
          }),
        );
      }),
    );
    // AND WHEN the provider writes its half
    const provided = shared(
      synth((fleet) => {
        const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
        const { expose, ...partner } = provide(fleet, mode, address);
        const tls = hop(mode, new PeerEnd(identity, agencyCa));
        expose(new EgressGatewayPeering(fleet, 'premium', { consumer, ...partner, tls }));
      }),
    );
    // AND the consumer its own, from the contract
    const consumed = shared(
      synth((fleet) => {
        const peering = EgressGatewayPeering.fromContract(fleet, {
          ...agency(fleet),
          contract: Contract.parse(provided['contracts/premium.json'], 'contracts/premium.json'),
          ...(mode === 'mutual' && { client }),
          ...(mode !== 'application' && { callers }),
          onlyWayOut: ['travel'],
        });
        for (const subset of ['', '/v1']) {
          if (mode === 'application') peering.tlsExposure(`broker/insurances:8443${subset}`);
          else peering.exposure(`broker/insurances:8000${subset}`);
        }
      }),
    );
    // THEN
    expect({ ...provided, ...consumed }).toEqual(together);
    expect(Object.keys(together).sort()).toEqual([
      'contracts/premium.json',
      'east/agency.out.k8s.yaml',
      'east/agency.premium.consumer.k8s.yaml',
      'west/partner.broker.insurances.k8s.yaml',
      'west/partner.premium.provider.k8s.yaml',
      'west/partner.public.k8s.yaml',
    ]);
  });
});
