import {
  Access,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  type Mesh,
  PeeringTls,
  Port,
  Routing,
  Rule,
} from '../../../lib';
import { mesh, messageOf, objectsOf } from '../../support/model';

const PRODUCTION = 'production.partner.example';
const STAGE = 'stage.partner.example';
const [http, admin] = [Port.http(80), Port.http(8080)];

function sides(fleet: Fleet) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  consumer.namespace('shop');
  const gateway = (id: string) => new Gateway(consumer, id, { kind: 'egress', namespace: 'egress' });
  return { consumer, gateway };
}

interface Case {
  readonly host: string;
  readonly egress: Gateway;
  readonly ports?: Port<'http'>[];
  readonly mirrorOf?: string[];
}

function through(fleet: Fleet, consumer: Mesh, { host, egress, ports = [http], mirrorOf }: Case) {
  const provider = External.server({ host, ports });
  const [id] = host.replace('*', 'any').split('.');
  const peering = new EgressGatewayPeering(fleet, id, { consumer, provider, egress, tls: PeeringTls.plain() });
  return ports.map((port) =>
    peering.expose(provider.at(port), { host, allow: [Access.http()], ...(mirrorOf && { mirrorOf }) }),
  );
}

describe('copies that leave through another egress gateway than the originals', () => {
  const objects = objectsOf((fleet) => {
    const { consumer, gateway } = sides(fleet);
    const [production] = through(fleet, consumer, { host: PRODUCTION, egress: gateway('out') });
    const [stage] = through(fleet, consumer, { host: STAGE, egress: gateway('copies'), mirrorOf: [PRODUCTION] });
    const home = consumer.service('home', { namespace: 'shop', ports: [Port.http(8000)] });
    const rule = Rule.otherwise()
      .to(production)
      .with({ mirror: { to: stage } });
    new Routing(consumer, 'home', { host: home, rules: [rule] });
  });
  const names = [STAGE, PRODUCTION, `${PRODUCTION}-shadow`];

  test('are taken there under the host of the original', () => {
    expect(objects.one('Gateway', 'egress/stage-80').spec).toMatchObject({ servers: [{ hosts: names }] });
    expect(objects.one('AuthorizationPolicy', 'egress/stage-80').spec).toMatchObject({
      rules: [{ to: [{ operation: { hosts: names.flatMap((name) => [name, `${name}:*`]) } }] }],
    });
  });

  test('go on where requests do, where sidecars do not see it: to them the host is that of the original', () => {
    expect(objects.one('VirtualService', 'egress/stage-80.copies').spec).toEqual({
      hosts: [PRODUCTION, `${PRODUCTION}-shadow`],
      exportTo: ['.'],
      gateways: ['egress/stage-80'],
      http: [
        {
          match: [{ gateways: ['egress/stage-80'], port: 443 }],
          route: [{ destination: { host: STAGE, port: { number: 80 } } }],
        },
      ],
    });
    expect(objects.one('VirtualService', 'egress/stage-80').spec).toMatchObject({ hosts: [STAGE] });
  });
});

describe('copies that could not be told apart are refused', () => {
  const refused = (build: (fleet: Fleet, own: ReturnType<typeof sides>) => void) =>
    messageOf(() => {
      const fleet = new Fleet();
      build(fleet, sides(fleet));
    });

  test('through the gateway of the originals, whichever is stated first', () => {
    const all = (isCopyFirst: boolean) =>
      refused((fleet, { consumer, gateway }) => {
        const egress = gateway('out');
        const cases: Case[] = [
          { host: PRODUCTION, egress },
          { host: STAGE, egress, mirrorOf: [PRODUCTION] },
        ];
        for (const one of isCopyFirst ? cases.reverse() : cases) through(fleet, consumer, one);
      });
    expect(all(false)).toBe(
      "MESH1315 stage: host 'production.partner.example' leads through egress gateway east/shop/out already: its requests by peering 'production', copies of its requests here, and of two servers that take one host istiod drops the second; lead copies through another egress gateway, or by a DirectPeering",
    );
    expect(all(true)).toBe(
      "MESH1315 production: host 'production.partner.example' leads through egress gateway east/shop/out already: copies of its requests by peering 'stage', its requests here, and of two servers that take one host istiod drops the second; lead copies through another egress gateway, or by a DirectPeering",
    );
  });

  test('at several ports, and for all names of a domain', () => {
    const message = (stated: Partial<Case>) =>
      refused((fleet, { consumer, gateway }) => {
        through(fleet, consumer, { host: STAGE, egress: gateway('out'), mirrorOf: [PRODUCTION], ...stated });
      });
    expect(message({ ports: [http, admin] })).toBe(
      "MESH1315 stage: copies for 'stage.partner.example' are taken at port 8080 and others, and nothing in a copy says which of them is meant; leave mirrorOf out, or expose one port of the host",
    );
    expect(message({ host: '*.partner.example', mirrorOf: ['other.example'] })).toContain('MESH1315 any');
  });
});
