import { type Fleet, type Http, Port, type Protocol, Routing, type RoutingProps, Rule } from '../../lib';
import { mesh, messageOf, objectsOf } from '../support/model';

/** A mesh with services of several ports. */
function parts(fleet: Fleet) {
  const consumer = mesh(fleet, 'shop', {}, 'east');
  const tcp = (name: string) => consumer.service(name, { namespace: 'data', ports: [Port.tcp(5432)] });
  const tls = (name: string) => consumer.service(name, { namespace: 'data', ports: [Port.tls(443)] });
  return {
    consumer,
    primary: tcp('primary'),
    replica: tcp('replica'),
    eu: tls('eu'),
    us: tls('us'),
    web: consumer.service('web', { namespace: 'data', ports: [Port.http(80)] }),
    db: consumer.service('db', {
      namespace: 'data',
      ports: [Port.tcp(5432, { name: 'tcp-write' }), Port.tcp(5433, { name: 'tcp-read' })],
    }),
    mixed: consumer.service('mixed', {
      namespace: 'data',
      ports: [Port.http(80), Port.grpc(9000), Port.tcp(9001), Port.tls(443)],
    }),
    kafka: consumer.service('kafka', { namespace: 'data', ports: [Port.tls(443)] }),
  };
}

type All = ReturnType<typeof parts>;

function specOf<P extends Protocol = Http>(state: (all: All) => RoutingProps<P>) {
  const objects = objectsOf((fleet) => {
    const all = parts(fleet);
    new Routing<P>(all.consumer, 'rules', state(all));
  });
  return objects.one('VirtualService').spec as Record<string, unknown>;
}

const lead = (name: string, port: number) => ({
  destination: { host: `${name}.data.svc.cluster.local`, port: { number: port } },
});

describe('rules by port', () => {
  test('each port of a host leads somewhere else', () => {
    const spec = specOf(({ db, primary, replica }) => ({
      host: db,
      rules: [Rule.port(Port.tcp(5432)).to(primary), Rule.port(Port.tcp(5433)).to(replica)],
    }));
    expect(spec).toEqual({
      hosts: ['db.data.svc.cluster.local'],
      tcp: [
        { match: [{ port: 5432 }], route: [lead('primary', 5432)] },
        { match: [{ port: 5433 }], route: [lead('replica', 5432)] },
      ],
    });
  });

  test('what flows through a port decides the section', () => {
    const spec = specOf<Protocol>(({ mixed, primary, eu, web }) => ({
      host: mixed,
      rules: [
        Rule.when({ port: Port.http(80), paths: ['/a'] }).to(web),
        Rule.port(Port.grpc(9000)).to(web),
        Rule.port(Port.tcp(9001)).to(primary),
        Rule.port(Port.tls(443)).to(eu),
        Rule.port(Port.http(80)).deny(),
      ],
    }));
    expect(spec).toEqual({
      hosts: ['mixed.data.svc.cluster.local'],
      http: [
        { match: [{ port: 80, uri: { exact: '/a' } }], route: [lead('web', 80)] },
        { match: [{ port: 9000 }], route: [lead('web', 80)] },
        { match: [{ port: 80 }], directResponse: { status: 403 } },
      ],
      tcp: [{ match: [{ port: 9001 }], route: [lead('primary', 5432)] }],
      tls: [{ match: [{ port: 443, sniHosts: ['mixed.data.svc.cluster.local'] }], route: [lead('eu', 443)] }],
    });
  });
});

describe('rules by server name', () => {
  test('the names are hosts of the VirtualService, each in a match of its own', () => {
    const spec = specOf<'tls'>(({ kafka, eu, us }) => ({
      host: kafka,
      rules: [Rule.sni(['eu.kafka.example', '*.eu.kafka.example']).to(eu), Rule.otherwise().to(us)],
    }));
    expect(spec).toEqual({
      hosts: ['kafka.data.svc.cluster.local', 'eu.kafka.example', '*.eu.kafka.example'],
      tls: [
        {
          match: [
            { port: 443, sniHosts: ['eu.kafka.example'] },
            { port: 443, sniHosts: ['*.eu.kafka.example'] },
          ],
          route: [lead('eu', 443)],
        },
        { match: [{ port: 443, sniHosts: ['kafka.data.svc.cluster.local'] }], route: [lead('us', 443)] },
      ],
    });
  });
});

describe('rules by server name at one of several ports', () => {
  test('say which port', () => {
    const spec = specOf<Protocol>(({ mixed, eu, web }) => ({
      host: mixed,
      rules: [Rule.sni(['eu.kafka.example'], Port.tls(443)).to(eu), Rule.port(Port.http(80)).to(web)],
    }));
    expect(spec.tls).toEqual([{ match: [{ port: 443, sniHosts: ['eu.kafka.example'] }], route: [lead('eu', 443)] }]);
  });
});

describe('rules that do not fit their port are refused', () => {
  const at = 'east/shop/rules';

  test.each<[string, (all: All) => unknown, string]>([
    [
      'a port that the host lacks',
      ({ db, primary }) => ({ host: db, rules: [Rule.port(Port.tcp(1)).to(primary)] }),
      `MESH1313 ${at}: a rule is about port tcp 1, which data/db does not have here; it has tcp 5432, tcp 5433`,
    ],
    [
      'a rule that leaves the port open',
      ({ db, primary }) => ({ host: db, rules: [Rule.otherwise().to(primary)] }),
      `MESH1103 ${at}: data/db has several ports (tcp 5432, tcp 5433), and a rule for every call does not say which it is about; say it with Rule.port(Port.…), with port in Rule.when, or with .at(Port.…) at the host`,
    ],
    [
      'conditions of requests where bytes flow',
      ({ primary, replica }) => ({ host: primary, rules: [Rule.when({ methods: ['GET'] }).to(replica as never)] }),
      `MESH1313 ${at}: a rule for method GET is about port 5432, through which tcp flows: the mesh sees no requests there; use Rule.otherwise(), Rule.port or Rule.sni`,
    ],
    [
      'requests that are led to bytes',
      ({ web, primary }) => ({ host: web, rules: [Rule.otherwise().to(primary as never)] }),
      `MESH1313 ${at}: a rule for every call leads from port 80, through which http flows, to primary.data.svc.cluster.local, which takes tcp; expected the same kind`,
    ],
    [
      'an answer to bytes',
      ({ primary }) => ({ host: primary, rules: [Rule.otherwise().deny()] }),
      `MESH1313 ${at}: a rule for every call answers port 5432, through which tcp flows, but the mesh cannot answer bytes; leave the rule out`,
    ],
    [
      'server names where no TLS flows',
      ({ primary, eu }) => ({ host: primary, rules: [Rule.sni(['a.example']).to(eu)] }),
      `MESH1313 ${at}: a rule for server name a.example is about port 5432, through which tcp flows: the mesh sees no server name there; expected a tls port`,
    ],
    [
      'a server name that is a host of the mesh',
      ({ kafka, eu }) => ({ host: kafka, rules: [Rule.sni([eu.host]).to(eu)] }),
      `MESH1204 ${at}: server name 'eu.data.svc.cluster.local' already leads through service 'data/eu' in east/shop; let one place decide where it leads`,
    ],
    [
      'one server name twice',
      ({ kafka, eu, us }) => ({
        host: kafka,
        rules: [Rule.sni(['a.example', 'b.example']).to(eu), Rule.sni(['b.example']).to(us)],
      }),
      `MESH1301 ${at}: the rule for server name b.example is never reached: the one for server name b.example above it is about the same calls; put the narrower rule first, or remove it`,
    ],
    [
      'one port twice',
      ({ db, primary, replica }) => ({
        host: db,
        rules: [Rule.port(Port.tcp(5432)).to(primary), Rule.port(Port.tcp(5432)).to(replica)],
      }),
      `MESH1301 ${at}: the rule for port 5432 is never reached: the one for port 5432 above it is about the same calls; put the narrower rule first, or remove it`,
    ],
    [
      'the one port of the host twice, once by its number',
      ({ primary, replica }) => ({
        host: primary,
        rules: [Rule.otherwise().to(replica), Rule.port(Port.tcp(5432)).to(primary)],
      }),
      `MESH1301 ${at}: the rule for port 5432 is never reached: the one for every call (Rule.otherwise) above it is about the same calls; put the narrower rule first, or remove it`,
    ],
    [
      'the name of the host twice, once as a server name',
      ({ kafka, eu, us }) => ({ host: kafka, rules: [Rule.otherwise().to(us), Rule.sni([kafka.host]).to(eu)] }),
      `MESH1301 ${at}: the rule for server name kafka.data.svc.cluster.local is never reached: the one for every call (Rule.otherwise) above it is about the same calls; put the narrower rule first, or remove it`,
    ],
    [
      'a malformed server name',
      ({ kafka, eu }) => ({ host: kafka, rules: [Rule.sni(['*.']).to(eu)] }),
      "MESH1002 Rule.sni: server name '' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard",
    ],
    [
      'no server name',
      ({ kafka, eu }) => ({ host: kafka, rules: [Rule.sni([]).to(eu)] }),
      'MESH1301 Rule.sni: the list of server names is empty; state at least one, or use Rule.otherwise()',
    ],
  ])('%s', (_, state, message) => {
    expect(messageOf(() => specOf(state as (all: All) => RoutingProps))).toBe(message);
  });
});
