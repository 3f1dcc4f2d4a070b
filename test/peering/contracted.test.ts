import {
  Access,
  Callers,
  Credential,
  DirectPeering,
  Fleet,
  Gateway,
  Identity,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  TrustBundle,
} from '../../lib';
import { Contract, type ContractDocument, writeContract } from '../../lib/facts/contract';
import { mesh, messageOf, objectsOf, synth } from '../support/model';

const HOST = 'insurances.partner.example';
const ca = TrustBundle.declared('ca', { rootSha256: ['a1'.repeat(32)] });
const client = Credential.secret('agency-client', {
  identity: Identity.spiffe('agency.example/ns/travel/sa/web'),
  signer: ca,
});
const server = Credential.secret('server', { identity: Identity.dns('partner.example'), signer: ca });

/** The contract that a provider's repository writes. */
function written(tls: PeeringTls): string {
  const isTls = tls.mode === 'application';
  return synth((fleet) => {
    const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
    const provider = mesh(fleet, 'partner');
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
    const ports = [isTls ? Port.tls(8443) : Port.http(8000)];
    const service = provider.service('insurances', { namespace: 'broker', ports });
    const peering = new DirectPeering(fleet, 'premium', { consumer, provider, ingress, tls });
    // which protocols a hop can carry is what the types are tested for
    peering.expose(service as never, { host: HOST, allow: [isTls ? Access.tcp() : Access.http()] });
  })['contracts/premium.json'];
}
const mutual = written(PeeringTls.mutual({ client: new PeerEnd(client.identity, ca), server }));
const plain = written(PeeringTls.plain());
const application = written(PeeringTls.application({ server: Identity.dns('partner.example') }));

/** The contract as another program would have written it: sealed. */
function sealed(text: string, changes: Partial<ContractDocument>): string {
  const { seal: _, ...document } = JSON.parse(text);
  return writeContract({ ...document, ...changes });
}

const callers = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });

function consume(text: string, more: { client?: Credential; consumer?: Mesh; fleet?: Fleet } = {}) {
  const fleet = more.fleet ?? new Fleet();
  return DirectPeering.fromContract(fleet, {
    consumer: more.consumer ?? mesh(fleet, 'agency', {}, 'east'),
    contract: Contract.parse(text, 'premium.json'),
    callers,
    ...(more.client && { client: more.client }),
  });
}

test('the peering has the name and the exposures of the contract', () => {
  const peering = consume(mutual, { client });
  expect(peering.name).toBe('premium');
  expect(peering.exposure('broker/insurances:8000')).toMatchObject({
    host: HOST,
    usableIn: 'east/agency',
    nextHop: { host: HOST, port: 80 },
  });
});

test('a contract without exposures is one: nothing is exposed yet', () => {
  expect(objectsOf((fleet) => consume(sealed(plain, { exposures: [] }), { fleet })).all).toEqual([]);
});

test('an exposure that is not taken is not written', () => {
  expect(objectsOf((fleet) => consume(plain, { fleet })).all).toEqual([]);
});

describe('a contract that does not fit is refused, and the field is named', () => {
  test.each<[string, () => unknown, string]>([
    [
      'for another consumer',
      () => {
        const fleet = new Fleet();
        return consume(plain, { fleet, consumer: mesh(fleet, 'shop', { trustDomain: 'agency.example' }) });
      },
      "field 'consumer.name' is 'agency', here it is 'shop'; the contract is for somebody else, or one of the two is wrong",
    ],
    [
      'for another trust domain',
      () => {
        const fleet = new Fleet();
        return consume(plain, { fleet, consumer: mesh(fleet, 'agency', { trustDomain: 'other.example' }) });
      },
      "field 'consumer.trustDomain' is 'agency.example', here it is 'other.example'; the contract is for somebody else, or one of the two is wrong",
    ],
    [
      'for another strategy',
      () => consume(sealed(plain, { strategy: 'EgressGatewayPeering' })),
      "field 'strategy' is 'EgressGatewayPeering', here it is 'DirectPeering'; the contract is for somebody else, or one of the two is wrong",
    ],
    [
      'mutual without our key pair',
      () => consume(mutual),
      "field 'common.tls.mode' is 'mutual', which needs our key pair; state 'client'",
    ],
    [
      'clear text with a key pair',
      () => consume(plain, { client }),
      "field 'common.tls.mode' is 'plain', which uses no client credential; leave 'client' out",
    ],
    [
      'a key pair of somebody else',
      () => {
        const identity = Identity.spiffe('agency.example/ns/travel/sa/other');
        return consume(mutual, { client: Credential.secret('agency-client', { identity, signer: ca }) });
      },
      "field 'common.tls.client.subjectAltName' is 'spiffe://agency.example/ns/travel/sa/web', our credential 'agency-client' says 'spiffe://agency.example/ns/travel/sa/other'; one of the two is wrong",
    ],
    [
      'a key pair that the provider does not trust',
      () => {
        const signer = TrustBundle.declared('ca', { rootSha256: ['c3'.repeat(32)] });
        const identity = Identity.spiffe('agency.example/ns/travel/sa/web');
        return consume(mutual, { client: Credential.secret('agency-client', { identity, signer }) });
      },
      `field 'common.tls.client.signer.sha256' is ${'a1'.repeat(32)}, the signer of our credential 'agency-client' has ${'c3'.repeat(32)}; the provider would refuse the certificate`,
    ],
    [
      'an exposure that it does not have',
      () => consume(plain).exposure('broker/quotes:8000'),
      "field 'exposures' has no 'broker/quotes:8000'; it has broker/insurances:8000",
    ],
  ])('%s', (_, run, message) => {
    expect(messageOf(run)).toBe(`MESH1504 premium.json: ${message}`);
  });

  test('a root that is being rotated: one in common is enough; without fingerprints nothing can be compared', () => {
    const identity = Identity.spiffe('agency.example/ns/travel/sa/web');
    for (const rootSha256 of [['c3'.repeat(32), 'a1'.repeat(32)], []]) {
      const signer = TrustBundle.declared('ca', { rootSha256 });
      const peering = consume(mutual, { client: Credential.secret('agency-client', { identity, signer }) });
      expect(peering.name).toBe('premium');
    }
  });
});

test('what the contract says is all that can be exposed', () => {
  const fleet = new Fleet();
  // a mesh of the provider's name, by which its services would pass for the contract's
  const service = Mesh.external(fleet, 'partner', { trustDomain: 'partner.example' }).service('quotes', {
    namespace: 'broker',
    ports: [Port.http(8000)],
  });
  const peering = consume(plain, { fleet });
  expect(messageOf(() => peering.expose(service, { host: 'quotes.partner.example', allow: [Access.http()] }))).toBe(
    "MESH1505 premium: the peering was made from a contract, which says all that is exposed; use exposure('<namespace>/<service>:<port>')",
  );
});

test("the application's own TLS has an exposure of its own", () => {
  expect(consume(application).tlsExposure('broker/insurances:8443').protocol).toBe('tls');
  expect(messageOf(() => consume(application).exposure('broker/insurances:8443'))).toBe(
    "MESH1506 premium: 'broker/insurances:8443' carries tls; use tlsExposure()",
  );
  expect(messageOf(() => consume(plain).tlsExposure('broker/insurances:8000'))).toBe(
    "MESH1506 premium: 'broker/insurances:8000' carries http; use exposure()",
  );
});

test('an exposure is taken once', () => {
  const peering = consume(plain);
  peering.exposure('broker/insurances:8000');
  expect(messageOf(() => peering.exposure('broker/insurances:8000'))).toBe(
    "MESH1218 premium: 'broker/insurances:8000' is exposed twice; expose it once, with all access rules",
  );
});

describe('a contract that contradicts itself, or would lead our own names to the provider, is refused', () => {
  const read = JSON.parse(plain);
  const [own] = read.exposures;
  const taken = (exposure: object, text = plain) =>
    messageOf(() =>
      consume(sealed(text, { exposures: [exposure as never] }), text === mutual ? { client } : {}).exposure(own.key),
    );

  test('a service that is not that of its key', () => {
    expect(taken({ ...own, service: { ...own.service, namespace: 'other' } })).toBe(
      "MESH1504 premium.json: field 'service' of exposure 'broker/insurances:8000' is that of 'other/insurances:8000'; the contract contradicts itself",
    );
  });

  test('a host of our own cluster', () => {
    expect(taken({ ...own, host: 'istiod.istio-system.svc.cluster.local' })).toBe(
      "MESH1504 premium.json: field 'host' of exposure 'broker/insurances:8000' is 'istiod.istio-system.svc.cluster.local', a name of our own cluster (cluster.local), whose calls would go to the provider; ask for another host",
    );
  });

  test.each(['*.svc.cluster.local', '*', 'Bank.prod.SVC.cluster.local', 'a'])('host %s, which is none', (host) => {
    expect(taken({ ...own, host })).toContain("MESH1507 premium.json: field 'exposures[0].host' must match pattern");
  });

  test('ends of one exposure that are not those of all', () => {
    const [exposure] = JSON.parse(mutual).exposures;
    const { client, server } = exposure.tls;
    const others = [
      { client: { ...client, subjectAltName: 'spiffe://evil/x' } },
      // a host may have a key pair of its own, but of an authority that the client believes
      { server: { ...server, signer: { name: 'evil-ca', sha256: ['ef'.repeat(32)] } } },
    ];
    const message =
      "MESH1504 premium.json: field 'tls' of exposure 'broker/insurances:8000' has other ends than 'common.tls'; the contract contradicts itself";
    for (const other of others) {
      expect(taken({ ...exposure, tls: { ...exposure.tls, ...other } }, mutual)).toBe(message);
    }
  });
});
