import {
  Access,
  Credential,
  DirectPeering,
  type ExposeOptions,
  External,
  Fleet,
  Gateway,
  Identity,
  PeeringTls,
  Port,
  RouteFront,
  TrustBundle,
} from '../../../lib';
import { mesh, messageOf, objectsOf, synth } from '../../support/model';

const STAGE = 'stage.partner.example';
const PRODUCTION = 'production.partner.example';
const tls = PeeringTls.simple({
  server: Credential.secret('stage', { identity: Identity.dns(STAGE), signer: TrustBundle.declared('partner-ca') }),
});

/** A stage that takes copies of what production gets. */
function stage(fleet: Fleet, more: { denyByDefault?: boolean; options?: Partial<ExposeOptions>; id?: string } = {}) {
  const { denyByDefault = false, options = {}, id = 'stage' } = more;
  const provider = mesh(fleet, 'partner', {}, 'west');
  const ingress = new Gateway(provider, 'public', { kind: 'ingress', namespace: 'gateways', denyByDefault });
  const quotes = provider.service('quotes', { namespace: 'broker', ports: [Port.http(80)] });
  const consumer = External.client('tester');
  const peering = new DirectPeering(fleet, id, { consumer, provider, ingress, tls });
  const allow = [Access.http({ methods: ['GET'] })];
  peering.expose(quotes, { host: STAGE, allow, mirrorOf: [PRODUCTION], ...options });
  return { provider, ingress, consumer, quotes, peering, allow };
}

const taken = [STAGE, PRODUCTION, `${PRODUCTION}-shadow`];

describe('an exposure that takes copies of requests for another host', () => {
  test('takes that host, with and without -shadow, in the Gateway and the VirtualService', () => {
    const objects = objectsOf((fleet) => {
      stage(fleet);
    });
    expect((objects.one('Gateway').spec as { servers: { hosts: string[] }[] }).servers[0].hosts).toEqual(taken);
    expect((objects.one('VirtualService').spec as { hosts: string[] }).hosts).toEqual(taken);
  });

  test('allows what it allows for its own host', () => {
    const policies = objectsOf((fleet) => {
      stage(fleet, { denyByDefault: true });
    }).find('AuthorizationPolicy');
    const allow = policies.find(({ metadata }) => metadata.name === 'stage.broker.quotes.80');
    expect(allow?.spec).toMatchObject({
      rules: [{ to: [{ operation: { hosts: taken.flatMap((host) => [host, `${host}:*`]), methods: ['GET'] } }] }],
    });
  });

  test('takes copies of its own host by older callers', () => {
    const objects = objectsOf((fleet) => {
      stage(fleet, { options: { mirrorOf: [STAGE] } });
    });
    expect((objects.one('VirtualService').spec as { hosts: string[] }).hosts).toEqual([STAGE, `${STAGE}-shadow`]);
  });

  test('says so in the contract, by which a consumer may mirror', () => {
    const files = synth((fleet) => {
      stage(fleet);
    });
    const { exposures } = JSON.parse(files['contracts/stage.json']) as { exposures: object[] };
    expect(exposures).toEqual([expect.objectContaining({ host: STAGE, mirrorOf: [PRODUCTION] })]);
  });
});

describe('copies that could not arrive are refused', () => {
  const at = 'MESH1315 stage:';
  const stated = (mirrorOf: unknown) =>
    messageOf(() => stage(new Fleet(), { options: { mirrorOf: mirrorOf as string[] } }));

  test.each<[unknown, string]>([
    [[], `${at} 'mirrorOf' is empty; state a host, or leave it out`],
    [[PRODUCTION, PRODUCTION], `${at} host '${PRODUCTION}' is in mirrorOf twice; state it once`],
    [PRODUCTION, `MESH1006 stage: 'mirrorOf' is '${PRODUCTION}', expected a list`],
  ])('%j', (mirrorOf, message) => {
    expect(stated(mirrorOf)).toBe(message);
  });

  test('a malformed host', () => {
    expect(stated(['production'])).toContain(
      "MESH1002 stage: host of mirrorOf 'production' is no fully qualified host",
    );
  });

  test("of the application's own TLS", () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const consumer = mesh(fleet, 'shop');
      const server = External.server({ host: STAGE, ports: [Port.tls(443)] });
      const application = PeeringTls.application({ server: Identity.dns(STAGE) });
      new DirectPeering(fleet, 'stage', { consumer, provider: server, tls: application }).expose(server, {
        host: STAGE,
        allow: [Access.tcp()],
        mirrorOf: [PRODUCTION],
      });
    });
    expect(message).toBe(
      `${at} copies are made of requests, and where tls flows the mesh sees none; leave mirrorOf out`,
    );
  });

  test('behind a router that reads requests', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const provider = mesh(fleet, 'partner', {}, 'west');
      const ingress = new Gateway(provider, 'public', {
        kind: 'ingress',
        namespace: 'gateways',
        route: RouteFront.edge(),
      });
      const quotes = provider.service('quotes', { namespace: 'broker', ports: [Port.http(80)] });
      new DirectPeering(fleet, 'stage', { consumer: External.client('tester'), provider, ingress, tls }).expose(
        quotes,
        {
          host: STAGE,
          allow: [Access.http()],
          mirrorOf: [PRODUCTION],
        },
      );
    });
    expect(message).toBe(
      `${at} a Route with termination edge in front of gateway west/partner/public leads requests by their host, and has none for those of copies; expected RouteFront.passthrough()`,
    );
  });

  test('a host that leads elsewhere at the gateway', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const { provider, ingress, allow } = stage(fleet);
      const consumer = External.client('another');
      const other = provider.service('other', { namespace: 'broker', ports: [Port.http(80)] });
      new DirectPeering(fleet, 'production', { consumer, provider, ingress, tls }).expose(other, {
        host: PRODUCTION,
        allow,
      });
    });
    expect(message).toContain(
      `MESH1235 production: port 443 of gateway west/partner/public with server name '${PRODUCTION}' already leads to quotes.broker.svc.cluster.local:80`,
    );
  });

  test('a host that others share without copies', () => {
    const message = messageOf(() => {
      const fleet = new Fleet();
      const { provider, ingress, quotes, allow } = stage(fleet);
      const consumer = External.client('another');
      new DirectPeering(fleet, 'another', { consumer, provider, ingress, tls }).expose(quotes, { host: STAGE, allow });
    });
    expect(message).toContain(`is taken with copies for ${PRODUCTION}, ${PRODUCTION}-shadow, here for nothing`);
  });
});
