import * as fc from 'fast-check';
import {
  Access,
  Callers,
  ControlPlane,
  Credential,
  DirectPeering,
  External,
  type Fleet,
  Gateway,
  Identity,
  type Mesh,
  type MeshService,
  MtlsPolicy,
  Ossm,
  PeeringTls,
  Port,
  Routing,
  Rule,
  TrustBundle,
  Workload,
} from '../../lib';
import { mesh, synth } from '../support/model';

/** A statement of a program, with those that it refers to. */
interface Statement {
  readonly name: string;
  readonly after: readonly string[];
  run(fleet: Fleet, made: Made): unknown;
}

class Made {
  private readonly values = new Map<string, unknown>();

  public set(name: string, value: unknown): void {
    this.values.set(name, value);
  }

  public has(name: string): boolean {
    return this.values.has(name);
  }

  public mesh(name: string): Mesh {
    return this.values.get(name) as Mesh;
  }

  public service(name: string): MeshService<'http'> {
    return this.values.get(name) as MeshService<'http'>;
  }

  public gateway(name: string): Gateway {
    return this.values.get(name) as Gateway;
  }

  public peering(name: string): DirectPeering {
    return this.values.get(name) as DirectPeering;
  }

  public exposure(name: string): ReturnType<DirectPeering['exposure']> {
    return this.values.get(name) as ReturnType<DirectPeering['exposure']>;
  }
}

const signer = TrustBundle.declared('ca');
const mutual = (client: string) =>
  PeeringTls.mutual({
    client: Credential.secret(`client-${client}`, { identity: Identity.spiffe(`${client}.example/web`), signer }),
    server: Credential.secret('server', { identity: Identity.dns('partner.example'), signer }),
  });
const callers = Callers.workload({ namespace: 'travel', labels: { app: 'web' }, serviceAccounts: ['web'] });
const image = 'example:1.0';

function say(name: string, after: string[], run: Statement['run']): Statement {
  return { name, after, run };
}

const namespaces = ['broker', 'gateways', 'a', 'b'].map((name) =>
  say(`namespace ${name}`, ['partner'], (_, made) => made.mesh('partner').namespace(name, { create: true })),
);
const meshes = [
  say('partner', [], (fleet) =>
    mesh(fleet, 'partner', { platform: Ossm.v2_6(), controlPlane: ControlPlane.smcp('smcp', { mtls: true }) }, 'west'),
  ),
  say('agency', [], (fleet) => mesh(fleet, 'agency', {}, 'east')),
  say('shop', [], (fleet) => mesh(fleet, 'shop', {}, 'north')),
];
const services = ['insurances', 'quotes'].flatMap((name) => [
  say(name, ['partner'], (_, made) =>
    made.mesh('partner').service(name, {
      namespace: 'broker',
      ports: [Port.http(8000)],
      subsets: { v2: { version: 'v2' }, v1: { version: 'v1' } },
    }),
  ),
  ...['v1', 'v2'].map((version) =>
    say(`workload ${name} ${version}`, [name, 'partner'], (_, made) => {
      const service = made.service(name);
      return new Workload(made.mesh('partner'), `${name}-${version}`, { service, image, version });
    }),
  ),
]);
const gateways = [
  say(
    'public',
    ['partner'],
    (_, made) => new Gateway(made.mesh('partner'), 'public', { kind: 'ingress', namespace: 'gateways' }),
  ),
  ...['wan-b', 'wan-a'].map((id) =>
    say(id, ['partner'], (_, made) => Gateway.smcp(made.mesh('partner'), id, { kind: 'ingress' })),
  ),
  say(
    'policy',
    ['quotes', 'partner'],
    (_, made) => new MtlsPolicy(made.mesh('partner'), 'quotes', { service: made.service('quotes'), mode: 'DISABLE' }),
  ),
];
const peerings = ['agency', 'shop'].flatMap((consumer) => [
  say(`to ${consumer}`, [consumer, 'partner', 'public'], (fleet, made) => {
    const [ingress, provider] = [made.gateway('public'), made.mesh('partner')];
    return new DirectPeering(fleet, `to-${consumer}`, {
      consumer: made.mesh(consumer),
      provider,
      ingress,
      tls: mutual(consumer),
      callers,
    });
  }),
  ...['insurances', 'quotes'].flatMap((service) =>
    [undefined, 'v1'].map((subset) =>
      say(`${consumer} ${service} ${subset}`, [`to ${consumer}`, service], (_, made) =>
        made.peering(`to ${consumer}`).expose(made.service(service), {
          host: `${subset ?? 'all'}.${service}.partner.example`,
          subset,
          allow: [Access.http({ methods: consumer === 'shop' ? ['GET'] : ['POST', 'GET'] })],
        }),
      ),
    ),
  ),
]);
const routing = [
  say('alias', ['agency'], (_, made) =>
    made.mesh('agency').alias('insurances', { namespace: 'travel', port: Port.http(80) }),
  ),
  say(
    'routing',
    ['alias', 'agency', 'agency insurances undefined', 'agency quotes v1'],
    (_, made) =>
      new Routing(made.mesh('agency'), 'insurances', {
        host: made.service('alias'),
        rules: [
          Rule.paths(['/quotes']).to(made.exposure('agency quotes v1')),
          Rule.otherwise().to(made.exposure('agency insurances undefined')),
        ],
      }),
  ),
  ...['a.example.com', 'b.example.com'].map((host) =>
    say(`outside ${host}`, ['shop'], (fleet, made) => {
      const server = External.server({ host, ports: [Port.http(80)] });
      const peering = new DirectPeering(fleet, host.slice(0, 1), {
        consumer: made.mesh('shop'),
        provider: server,
        tls: PeeringTls.plain(),
      });
      peering.expose(server, { host, allow: [Access.http()] });
      return peering;
    }),
  ),
];
const program = [...meshes, ...namespaces, ...services, ...gateways, ...peerings, ...routing];

/** Runs statements in this order, each as soon as what it refers to is there. */
function run(order: readonly Statement[]) {
  return (fleet: Fleet) => {
    const made = new Made();
    let waiting = [...order];
    while (waiting.length > 0) {
      const next = waiting.find(({ after }) => after.every((name) => made.has(name)));
      if (next === undefined) throw new Error(`nothing to do among ${waiting.map(({ name }) => name).join(', ')}`);
      made.set(next.name, next.run(fleet, made) ?? true);
      waiting = waiting.filter((statement) => statement !== next);
    }
  };
}

test('statements in any order give the same files, to the byte', () => {
  // GIVEN
  const expected = synth(run(program));
  expect(Object.keys(expected).length).toBeGreaterThan(15);
  fc.assert(
    fc.property(fc.shuffledSubarray(program, { minLength: program.length }), (order) => {
      // WHEN
      const files = synth(run(order));
      // THEN
      expect(files).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
