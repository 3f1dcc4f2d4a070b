import {
  Access,
  Address,
  Callers,
  Connection,
  Contract,
  Credential,
  DirectPeering,
  EgressGatewayPeering,
  External,
  Fleet,
  Gateway,
  GatewayPort,
  Identity,
  Mesh,
  type Onward,
  PeerEnd,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
  TrustBundle,
} from '../../../lib';
import { agencyAndPartner, byIdentity, mesh, messageOf, objectsOf, synth, synthErrors } from '../../support/model';

const CA = TrustBundle.declared('pay-ca');
const pay = External.server({ host: 'api.pay.example', ports: [Port.http(443)] });
const simple = PeeringTls.simple({ server: new PeerEnd(Identity.dns(pay.host), CA) });
const plain = PeeringTls.plain();
const client = Credential.secret('hub-client', { identity: Identity.dns('hub.example'), signer: CA });
const mutual = PeeringTls.mutual({ client, server: new PeerEnd(Identity.dns(pay.host), CA) });
const allow = [Access.http()];
const host = 'pay.partner.example';

/** A peering in clear text with an ingress gateway of ours. */
function hub(fleet: Fleet, gateway = {}) {
  const all = agencyAndPartner(fleet, gateway);
  const { agency: consumer, partner: provider, ingress } = all;
  return { ...all, peering: new DirectPeering(fleet, 'hub', { consumer, provider, ingress, tls: plain }) };
}

/** The message with which an exposure of the hub is refused. */
const refused = (run: (own: ReturnType<typeof hub>, fleet: Fleet) => unknown, gateway = {}) => {
  const fleet = new Fleet();
  return messageOf(() => run(hub(fleet, gateway), fleet));
};

describe('a server in no mesh behind an ingress gateway', () => {
  test('is known to the namespace of the gateway, and reached with TLS by its pods alone', () => {
    const objects = objectsOf((fleet) => {
      hub(fleet).peering.expose(pay, { host, allow, onward: { tls: simple } });
    }, 'partner-cluster');
    const metadata = { name: 'public.api.pay.example', namespace: 'gateways' };
    expect(objects.one('ServiceEntry')).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'ServiceEntry',
      metadata,
      spec: {
        hosts: ['api.pay.example'],
        exportTo: ['.'],
        location: 'MESH_EXTERNAL',
        resolution: 'DNS',
        ports: [{ number: 80, name: 'http', protocol: 'HTTP', targetPort: 443 }],
      },
    });
    expect(objects.one('DestinationRule')).toEqual({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata,
      spec: {
        host: 'api.pay.example',
        exportTo: ['.'],
        workloadSelector: { matchLabels: { istio: 'public' } },
        trafficPolicy: {
          portLevelSettings: [
            {
              port: { number: 80 },
              tls: {
                mode: 'SIMPLE',
                credentialName: 'pay-ca',
                sni: 'api.pay.example',
                subjectAltNames: ['api.pay.example'],
              },
            },
          ],
        },
      },
    });
    expect(objects.one('VirtualService').spec).toMatchObject({
      hosts: [host],
      http: [
        {
          rewrite: { authority: 'api.pay.example' },
          headers: { request: { remove: ['x-forwarded-client-cert'] } },
          route: [{ destination: { host: 'api.pay.example', port: { number: 80 } } }],
        },
      ],
    });
    // a gateway reads the roots of a server without a right to, its own key pair not
    expect(objects.find('Role')).toEqual([]);
  });

  test('is called with a key pair of the gateway, and with limits, where that is stated', () => {
    const objects = objectsOf((fleet) => {
      const connection = Connection.of({ maxConnections: 5 });
      hub(fleet).peering.expose(pay, { host, allow, onward: { tls: mutual, connection } });
    }, 'partner-cluster');
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: {
        portLevelSettings: [
          {
            tls: { mode: 'MUTUAL', credentialName: 'hub-client' },
            connectionPool: { tcp: { maxConnections: 5 } },
          },
        ],
      },
    });
    expect(objects.one('Role').metadata).toMatchObject({ name: 'public', namespace: 'gateways' });
  });

  test('in clear text has no rule, at its own port and address; that clear text leaves the gateway is said', () => {
    const program = (fleet: Fleet) => {
      const old = External.server({ host: 'old.example', ports: [Port.http(8080)], address: Address.ip('192.0.2.7') });
      hub(fleet).peering.expose(old, { host, allow, onward: { tls: plain } });
    };
    const objects = objectsOf(program, 'partner-cluster');
    expect(objects.find('DestinationRule')).toEqual([]);
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      resolution: 'STATIC',
      ports: [{ number: 8080 }],
      endpoints: [{ address: '192.0.2.7', ports: { http: 8080 } }],
    });
    expect(synthErrors(program)).toContain('peering hub sends clear text from the gateway of partner to old.example');
  });

  test('in the own cluster has the entry of its Service, and no TLS of the mesh', () => {
    const objects = objectsOf((fleet) => {
      const old = External.server({ host: 'old.legacy.svc.cluster.local', ports: [Port.http(80)] });
      hub(fleet).peering.expose(old, { host, allow, onward: { tls: plain } });
    }, 'partner-cluster');
    expect(objects.find('ServiceEntry')).toEqual([]);
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'DISABLE' } }] },
    });
  });

  test('is one for all exposures and ports of it, whatever is stated first', () => {
    const [clear, tls] = [Port.http(8080), Port.http(443)];
    const both = External.server({ host: pay.host, ports: [clear, tls] });
    const program = (order: (list: (() => void)[]) => (() => void)[]) => (fleet: Fleet) => {
      const { partner: provider, ingress, peering } = hub(fleet);
      const consumer = External.client('branch');
      const more = new DirectPeering(fleet, 'more', { consumer, provider, ingress, tls: plain });
      const statements = order([
        () => peering.expose(both.at(clear), { host: 'clear.partner.example', allow, onward: { tls: plain } }),
        () => peering.expose(both.at(tls), { host, allow, onward: { tls: simple } }),
        () => more.expose(both.at(tls), { host, allow, onward: { tls: simple } }),
      ]);
      for (const state of statements) state();
    };
    const [usual, other] = [synth(program((list) => list)), synth(program((list) => list.reverse()))];
    expect(other).toEqual(usual);
    const objects = objectsOf(
      program((list) => list),
      'partner-cluster',
    );
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      ports: [
        { number: 80, targetPort: 443 },
        { number: 8080, name: 'http-8080' },
      ],
    });
    expect(objects.one('DestinationRule').spec).toMatchObject({
      trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] },
    });
  });

  test('stands beside a service of the mesh, each for a part of the paths', () => {
    const objects = objectsOf((fleet) => {
      const { peering, broker } = hub(fleet);
      peering.expose(broker, { host, allow, paths: ['/own/*'] });
      peering.expose(pay, { host, allow, paths: ['/pay/*'], onward: { tls: simple } });
    }, 'partner-cluster');
    const { http } = objects.one('VirtualService').spec as { http: { rewrite?: object; match: object[] }[] };
    expect(http.map(({ match, rewrite }) => ({ match, rewrite }))).toEqual([
      { match: [{ uri: { prefix: '/own/' } }], rewrite: undefined },
      { match: [{ uri: { prefix: '/pay/' } }], rewrite: { authority: 'api.pay.example' } },
    ]);
  });

  test('is cancelled without a trace, and without a change of others', () => {
    const program = (isExposed: boolean) => (fleet: Fleet) => {
      const { peering, broker } = hub(fleet);
      peering.expose(broker, { host: 'broker.partner.example', allow });
      if (isExposed) peering.expose(pay, { host, allow, onward: { tls: simple } });
    };
    const [before, after] = [byIdentity(program(true)), byIdentity(program(false))];
    for (const [name, object] of after) expect([name, before.get(name)]).toEqual([name, object]);
    expect([...before.keys()].filter((name) => name.includes('pay') && after.has(name))).toEqual([]);
  });

  test('is another name in the contract, where an alias stands for it', () => {
    const { 'contracts/hub.json': contract } = synth((fleet) => {
      const { peering, partner } = hub(fleet);
      const alias = partner.alias('payments', { namespace: 'broker', port: Port.http(80) });
      peering.expose(alias, { host, allow, onward: { server: pay, tls: simple } });
    });
    expect(contract).toContain('"key": "broker/payments:80"');
    expect(contract).not.toContain('api.pay.example');
  });

  test.each(['direct', 'egress'])('is nothing that a consumer in another repository writes otherwise (%s)', (kind) => {
    const provider = (fleet: Fleet, ofOne: boolean) => {
      const { agency, partner, ingress } = agencyAndPartner(fleet);
      const consumer = ofOne ? agency : Mesh.external(fleet, 'agency-away', { trustDomain: 'agency.example' });
      const sides = { consumer, provider: partner, ingress, tls: plain };
      const egress = new Gateway(agency, 'out', { kind: 'egress', namespace: 'egress' });
      const peering =
        kind === 'direct'
          ? new DirectPeering(fleet, 'hub', sides)
          : new EgressGatewayPeering(fleet, 'hub', { ...sides, ...(ofOne && { egress }) });
      peering.expose(pay, { host, allow, onward: { tls: simple } });
    };
    const one = synth((fleet) => provider(fleet, true));
    const file = 'contracts/hub.json';
    const contract = Contract.parse(one[file], file);
    const away = synth((fleet) => {
      const consumer = mesh(fleet, 'agency');
      const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
      const peering =
        kind === 'direct'
          ? DirectPeering.fromContract(fleet, { consumer, contract })
          : EgressGatewayPeering.fromContract(fleet, { consumer, contract, egress });
      peering.exposure('gateways/api.pay.example:443');
    });
    const written = 'agency-cluster/agency.hub.consumer.k8s.yaml';
    expect(away[written]).toBe(one[written]);
    expect(away[written]).toContain(host);
  });

  test('may be a database, whose bytes have a port of the gateway, or TLS, and an address in the gateway registry', () => {
    const db = External.server({ host: 'db.example', ports: [Port.tcp(5432)] });
    const objects = objectsOf((fleet) => {
      const { partner: provider, ingress } = agencyAndPartner(fleet, { ports: [GatewayPort.tcp(5432)] });
      const consumer = External.client('branch');
      new DirectPeering(fleet, 'hub', { consumer, provider, ingress, tls: plain }).expose(db, {
        host: 'db.partner.example',
        onward: { tls: PeeringTls.simple({ server: new PeerEnd(Identity.dns('db.example'), CA) }) },
        allow: [Access.tcp()],
      });
    });
    expect(objects.one('ServiceEntry').spec).toMatchObject({
      addresses: [expect.stringMatching(/^240\./)],
      ports: [{ number: 5432, protocol: 'TCP' }],
    });
    expect(objects.one('VirtualService').spec).toMatchObject({
      tcp: [{ route: [{ destination: { host: 'db.example', port: { number: 5432 } } }] }],
    });
  });
});

describe('what cannot be carried is refused', () => {
  const expose = (onward: unknown, server: Parameters<DirectPeering['expose']>[0] = pay, to = host) =>
    refused(({ peering }) => peering.expose(server as typeof pay, { host: to, allow, onward: onward as Onward }));
  const tlsPort = (onward: unknown, to: string) =>
    refused(({ peering }) =>
      peering.expose(External.server({ host: 'vault.example', ports: [Port.tls(443)] }), {
        host: to,
        allow: [Access.tcp()],
        onward: onward as Onward,
      }),
    );

  test('a server of which nobody says how it is reached', () => {
    expect(expose(undefined)).toBe(
      'MESH1162 hub: server api.pay.example is in no mesh, so the gateway must be told how to connect to it; state onward: { tls: PeeringTls.simple({ server: new PeerEnd(…) }) }, or another PeeringTls',
    );
    expect(expose({ tls: 'simple' })).toMatch(/^MESH1006 hub: 'tls' of 'onward' is 'simple', expected PeeringTls/);
    expect(expose(null)).toMatch(/^MESH1006 hub: 'onward' is null/);
    expect(expose({ tls: simple, server: pay })).toBe(
      'MESH1162 hub: onward names server api.pay.example, but server api.pay.example is what is exposed; leave it out',
    );
  });

  test('TLS that does not fit what flows', () => {
    expect(expose({ tls: PeeringTls.application({ server: Identity.dns('a.example') }) })).toBe(
      'MESH1162 hub: onward.tls is PeeringTls.application, but the http port carries no TLS of the application; use PeeringTls.plain, .simple or .mutual',
    );
    expect(tlsPort({ tls: simple }, 'vault.example')).toBe(
      "MESH1162 hub: onward.tls is PeeringTls.simple, but what arrives is the application's own TLS, which the gateway passes on as it is; use PeeringTls.application",
    );
    expect(tlsPort({ tls: plain }, host)).toBe(
      "MESH1162 hub: the application's own TLS reaches server vault.example with the SNI 'pay.partner.example', which nothing changes on the way; expose it with host: 'vault.example'",
    );
  });

  test('a key pair that the gateway does not have', () => {
    const server = new PeerEnd(Identity.dns(pay.host), CA);
    expect(expose({ tls: PeeringTls.mutual({ client: new PeerEnd(Identity.dns('hub.example'), CA), server }) })).toBe(
      'MESH1162 hub: the client of onward.tls is a PeerEnd, but the gateway needs the key pair; use a Credential',
    );
    const files = Credential.files('files', { identity: client.identity, signer: CA, directory: '/etc/hub' });
    expect(expose({ tls: PeeringTls.mutual({ client: files, server }) })).toBe(
      'MESH1162 hub: the client of onward.tls is mounted files, but a gateway reads Secrets; use Credential.secret or Credential.certManager',
    );
  });

  test('all names of a domain', () => {
    const domain = External.server({ host: '*.pay.example', ports: [Port.http(80)] });
    expect(expose({ tls: plain }, domain)).toBe(
      "MESH1162 hub: '*.pay.example' is all names of a domain, and a route of a gateway leads to one; state one server per name",
    );
  });

  test('a way on where a service of the mesh answers, or somebody else', () => {
    expect(refused(({ peering, broker }) => peering.expose(broker, { host, allow, onward: { tls: plain } }))).toBe(
      'MESH1162 hub: onward is stated, but insurances.broker.svc.cluster.local is a service of the provider, whose pods answer; leave it out',
    );
    expect(
      refused(({ agency: consumer }, fleet) =>
        new DirectPeering(fleet, 'pay', { consumer, provider: pay, tls: plain }).expose(pay, {
          ...{ host: pay.host, allow, onward: { tls: simple } },
        }),
      ),
    ).toBe('MESH1162 pay: onward is stated, but nothing of ours stands before api.pay.example; leave it out');
  });

  test('an alias that stands for nothing, or for another protocol', () => {
    const alias = (onward?: Onward) =>
      refused(({ peering, partner }) =>
        peering.expose(partner.alias('payments', { namespace: 'broker', port: Port.http(80) }), {
          ...{ host, allow },
          ...(onward && { onward }),
        }),
      );
    const nothing =
      'MESH1222 hub: broker/payments is an alias, which has no endpoints, and a gateway does not follow the Routing of the mesh: 503 UH; expose a service that has pods, or say for which server in no mesh it stands: onward: { server: External.server(…), tls: … }';
    expect(alias()).toBe(nothing);
    expect(alias({ tls: simple })).toBe(nothing);
    const db = External.server({ host: 'db.example', ports: [Port.tcp(5432)] });
    expect(alias({ server: db, tls: plain })).toBe(
      'MESH1162 hub: alias broker/payments carries http, but port 5432 of server db.example tcp; expected one protocol',
    );
  });

  test('one port of a server that a gateway would reach in two ways', () => {
    const twice = (first: Onward, second: Onward, server = pay) =>
      refused(({ peering, partner: provider, ingress }, fleet) => {
        const consumer = External.client('branch');
        const more = new DirectPeering(fleet, 'more', { consumer, provider, ingress, tls: plain });
        peering.expose(pay, { host, allow, onward: first });
        more.expose(server, { host: 'more.partner.example', allow, onward: second });
      });
    const way = "; state one ExternalServer and one 'onward' for all exposures of a port";
    const simply = 'by its http port 443 with PeeringTls.simple to api.pay.example and Secret pay-ca';
    const gateway = 'MESH1163 more: gateway partner-cluster/partner/public goes on to server api.pay.example';
    expect(twice({ tls: simple }, { tls: mutual })).toBe(
      `${gateway} ${simply} already, not by its http port 443 with PeeringTls.mutual to api.pay.example and Secret hub-client${way}`,
    );
    expect(twice({ tls: simple }, { tls: simple, connection: Connection.of({ maxConnections: 1 }) })).toBe(
      `${gateway} ${simply} already, not ${simply} and a connection of its own${way}`,
    );
    const there = External.server({ host: pay.host, ports: [Port.http(8443)], address: Address.ip('192.0.2.1') });
    expect(twice({ tls: simple }, { tls: plain }, there)).toBe(
      `${gateway} ${simply} already, not by its http port 8443 at 192.0.2.1 with PeeringTls.plain${way}`,
    );
  });

  test('a host that proxies of the namespace of the gateway know otherwise', () => {
    const own = ({ partner: consumer }: ReturnType<typeof hub>, fleet: Fleet, namespaces?: string[]) =>
      new DirectPeering(fleet, 'own', {
        ...{ consumer, provider: External.server({ host: pay.host, ports: [Port.http(80)] }), tls: plain },
        ...(namespaces && { callers: Callers.namespaces(...namespaces) }),
      }).expose(External.server({ host: pay.host, ports: [Port.http(80)] }), { host: pay.host, allow });
    const gateway = ({ peering }: ReturnType<typeof hub>) =>
      peering.expose(pay, { host, allow, onward: { tls: simple } });
    const known =
      "MESH1161 hub: host 'api.pay.example' already leads through peering 'own' in partner-cluster/partner, also in namespace 'gateways' of gateway partner-cluster/partner/public: of two ServiceEntries or rules of one host its proxies take one; let that one have callers in other namespaces, or workloads by labels in this one (Callers.workload), or give the gateway a namespace of its own";
    expect(refused((all, fleet) => [own(all, fleet), gateway(all)])).toBe(known);
    expect(refused((all, fleet) => [own(all, fleet, ['gateways']), gateway(all)])).toBe(known);
    expect(refused((all, fleet) => [gateway(all), own(all, fleet)])).toMatch(
      /^MESH1204 own: host 'api.pay.example' already leads through peering 'hub' in partner-cluster\/partner/,
    );
    // apart, each is right
    const fleet = new Fleet();
    const all = hub(fleet);
    gateway(all);
    expect(own(all, fleet, ['shop']).host).toBe(pay.host);
  });

  test('a host that pods beside the gateway register otherwise; the same way they may', () => {
    const beside = (labels: Record<string, string>, port: number) => (fleet: Fleet) => {
      const { partner: consumer, peering } = hub(fleet);
      peering.expose(pay, { host, allow, onward: { tls: simple } });
      const callers = Callers.workload({ namespace: 'gateways', labels, serviceAccounts: ['web'] });
      const sides = { consumer, provider: pay, tls: simple, callers };
      return new DirectPeering(fleet, 'own', sides).expose(pay, { host: pay.host, allow, port });
    };
    const objects = objectsOf(beside({ app: 'web' }, 80), 'partner-cluster');
    const rules = objects.find('DestinationRule').filter(({ spec }) => (spec as { host: string }).host === pay.host);
    expect(rules.map(({ spec }) => (spec as { workloadSelector: object }).workloadSelector)).toEqual([
      { matchLabels: { app: 'web' } },
      { matchLabels: { istio: 'public' } },
    ]);
    expect(messageOf(() => objectsOf(beside({ app: 'web' }, 81)))).toMatch(
      /MESH1176 own: host 'api.pay.example' is registered with HTTP port 81 .* for other pods of namespace 'gateways'/,
    );
    expect(messageOf(() => objectsOf(beside({ istio: 'public' }, 80)))).toMatch(
      /^MESH1204 own: host 'api.pay.example' already leads through peering 'hub'/,
    );
  });

  test('strategies that lead to pods', () => {
    const server = Credential.secret('server', { identity: Identity.dns('a.example'), signer: CA });
    expect(
      refused(({ agency: consumer, partner: provider, ingress }, fleet) => {
        const egress = new Gateway(consumer, 'out', { kind: 'egress', namespace: 'egress' });
        const tls = PeeringTls.mutual({
          client: Credential.secret('client', { identity: Identity.spiffe('a.example/ns/b/sa/c'), signer: CA }),
          server,
        });
        const sides = { consumer, provider, ingress, egress, tls, host: 'partner.example.com' };
        new PrivateGatewayPeering(fleet, 'private', sides).expose(pay, { allow });
      }),
    ).toBe(
      'MESH1203 private: server api.pay.example is in no mesh, and PrivateGatewayPeering leads to pods of the provider; expose it by a DirectPeering or EgressGatewayPeering, whose ingress gateway goes on to it',
    );
  });
});
