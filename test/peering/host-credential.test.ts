import {
  Access,
  Callers,
  Contract,
  Credential,
  DirectPeering,
  type ExposeOptions,
  Fleet,
  Gateway,
  Identity,
  Mesh,
  PeerEnd,
  PeeringTls,
  Port,
  type ServerEnd,
  TrustBundle,
} from '../../lib';
import { mesh, messageOf, objectsOf, synth } from '../support/model';

const keyPair = (brand: string, ca = `${brand}-ca`) =>
  Credential.secret(`${brand}-server`, {
    identity: Identity.dns(`shop.${brand}.example`),
    signer: TrustBundle.declared(ca),
  });
const client = Credential.secret('buyer', {
  identity: Identity.spiffe('buyers.example/buyer'),
  signer: TrustBundle.declared('buyers-ca'),
});
const callers = Callers.workload({ namespace: 'buyers', labels: { app: 'buyer' }, serviceAccounts: ['buyer'] });
const simple = PeeringTls.simple({ server: keyPair('oak') });

interface Brands {
  readonly tls?: PeeringTls;
  readonly credential?: ServerEnd;
  readonly isElsewhere?: boolean;
}

/** Two brands at one gateway, of which the second has a key pair of its own. */
function brands({ tls = simple, credential = keyPair('elm'), isElsewhere = false }: Brands = {}) {
  return (fleet: Fleet) => {
    const consumer = isElsewhere
      ? Mesh.external(fleet, 'client', { trustDomain: 'client.example' })
      : mesh(fleet, 'client', {}, 'east');
    const provider = mesh(fleet, 'shops', {}, 'west');
    const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways' });
    const sides = { consumer, provider, ingress, ...(!isElsewhere && { callers }) };
    const peering = new DirectPeering(fleet, 'brands', { ...sides, tls });
    const allow = [Access.http()];
    const shop = (name: string) => provider.service(name, { namespace: 'brands', ports: [Port.http(8000)] });
    const expose = (name: string, more: Partial<ExposeOptions>) =>
      peering.expose(shop(name) as never, { host: `shop.${name}.example`, allow, ...more });
    expose('oak', {});
    expose('elm', { credential });
  };
}

interface Tls {
  readonly spec: { readonly servers: { readonly tls: object }[] };
}

test('hosts of one gateway have a certificate each: that of the peering, or their own', () => {
  const objects = objectsOf(brands());
  const gateways = objects.all.filter(({ kind }) => kind === 'Gateway') as unknown as Tls[];
  expect(gateways.map(({ spec }) => spec.servers[0].tls)).toEqual([
    { mode: 'SIMPLE', credentialName: 'elm-server' },
    { mode: 'SIMPLE', credentialName: 'oak-server' },
  ]);
});

test('callers verify each host by its own certificate and authority', () => {
  const rules = objectsOf(brands(), 'east').all.filter(({ kind }) => kind === 'DestinationRule');
  expect(rules.map(({ spec }) => spec)).toEqual(
    ['elm', 'oak'].map((brand) =>
      expect.objectContaining({
        host: `shop.${brand}.example`,
        trafficPolicy: {
          portLevelSettings: [
            {
              port: { number: 80 },
              tls: {
                mode: 'SIMPLE',
                credentialName: `${brand}-ca`,
                sni: `shop.${brand}.example`,
                subjectAltNames: [`shop.${brand}.example`],
              },
            },
          ],
        },
      }),
    ),
  );
});

test('a contract says it, so that two repositories write what one would', () => {
  const provided = synth(brands({ isElsewhere: true }));
  const contract = Contract.parse(provided['contracts/brands.json'], 'brands.json');
  const consumed = objectsOf((fleet) => {
    const peering = DirectPeering.fromContract(fleet, {
      consumer: mesh(fleet, 'client', {}, 'east'),
      contract,
      callers,
    });
    for (const brand of ['oak', 'elm']) peering.exposure(`brands/${brand}:8000`);
  });
  expect(consumed.all).toEqual(objectsOf(brands(), 'east').all);
});

test.each<[string, Brands, string]>([
  [
    'where nothing shows it',
    { tls: PeeringTls.plain() },
    "MESH1243 brands: credential 'elm-server' is stated, but with PeeringTls.plain no proxy shows one; leave it out",
  ],
  [
    'of another authority than the one that the client believes',
    { tls: PeeringTls.mutual({ client, server: keyPair('oak') }) },
    "MESH1243 brands: credential 'elm-server' is signed by 'elm-ca', the server of the peering by 'oak-ca': the client's key pair holds the roots of one; use a peering of its own",
  ],
  [
    'of somebody else, for a gateway of ours',
    { credential: new PeerEnd(Identity.dns('shop.elm.example'), TrustBundle.declared('elm-ca')) },
    'MESH1214 brands: the server is a PeerEnd, but the provider west/shops is ours, so its ingress gateway needs the key pair; use Credential.secret or Credential.certManager',
  ],
])('a key pair is refused %s', (_, options, message) => {
  expect(messageOf(() => brands(options)(new Fleet()))).toBe(message);
});

test('mutual TLS has key pairs of one authority', () => {
  const tls = PeeringTls.mutual({ client, server: keyPair('oak') });
  const secrets = objectsOf(brands({ tls, credential: keyPair('elm', 'oak-ca') })).all.filter(
    ({ kind }) => kind === 'Gateway',
  );
  expect(JSON.stringify(secrets)).toContain('"credentialName":"elm-server"');
});
