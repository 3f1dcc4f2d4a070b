import { ServiceEntry, WorkloadEntry } from '../../imports/istio';
import {
  Access,
  type Consumed,
  type ConsumerHalf,
  Contract,
  ContractedProvider,
  type Exposable,
  type Exposing,
  type ExposureFacts,
  exposedService,
  exposureKey,
  Fleet,
  guards,
  Mesh,
  type NextHop,
  Peering,
  type PeeringName,
  type PeeringProps,
  Port,
  type Provided,
  type ProviderHalf,
  type Strategy,
} from '../../lib';
import { cancellingLeavesOthers, namesAreUnique, twoRepositoriesEqualOne } from '../support/assertions';
import { mesh, messageOf } from '../support/model';

// GIVEN a strategy of somebody's own: one class, facts of its own, tcp, and no TLS, gateway or host

interface TunnelFacts extends ExposureFacts {
  /** Number of the tunnel's lane. */
  readonly lane: number;
}

interface Tunnel extends Strategy {
  readonly protocol: 'tcp';
  readonly common: { readonly tunnel: string };
  readonly facts: TunnelFacts;
  readonly stated: { readonly lane: number };
  readonly used: { readonly port?: number };
}

class TunnelPeering extends Peering<Tunnel> {
  protected readonly strategy = 'TunnelPeering';
  protected readonly protection = { tls: 'plain' };
  protected readonly statedOptions = { lane: guards.number };
  protected readonly usedOptions = { port: guards.optional(guards.number) };

  public static fromContract(scope: Fleet, consumer: Mesh, contract: Contract): TunnelPeering {
    const provider = ContractedProvider.of<Tunnel>('TunnelPeering', { consumer, contract });
    return new TunnelPeering(scope, contract.document.peering, { consumer, provider });
  }

  constructor(scope: Fleet, id: string, props: PeeringProps<Tunnel>) {
    super(scope, id, props);
  }

  protected override get common() {
    return { tunnel: `tunnel-${this.name}` };
  }

  protected override agree(service: Exposable, { lane, allow }: Tunnel['stated'] & Exposing): TunnelFacts {
    const exposed = exposedService(service, undefined, this.where);
    return { key: exposureKey(exposed), service: exposed, lane, access: allow.map((access) => access.facts()) };
  }

  protected override providerHalf(): ProviderHalf<Tunnel> {
    return {
      provide: ({ chart, facts, name, service }: Provided<Tunnel>) => {
        new WorkloadEntry(chart, `WorkloadEntry ${name}`, {
          metadata: { name, namespace: service.namespace },
          spec: { address: `192.0.2.${facts.lane}`, labels: service.pods },
        });
      },
    };
  }

  protected override consumerHalf(own: Mesh): ConsumerHalf<Tunnel> {
    return new TunnelMouth(own, this.peeringName);
  }

  protected override uncarried(protocol: string): string | undefined {
    return protocol === 'tcp' ? undefined : 'does not fit into a tunnel; expected a tcp port';
  }

  protected override unenforceable({ from }: Access): string | undefined {
    return from && `an access rule names callers (${from.join(', ')}), but a tunnel shows nobody; leave 'from' out`;
  }
}

class TunnelMouth implements ConsumerHalf<Tunnel> {
  constructor(
    private readonly own: Mesh,
    private readonly peering: PeeringName,
  ) {}

  public consume({ chart, facts, name, used, claimHost }: Consumed<Tunnel>): NextHop {
    const host = `lane-${facts.lane}.${this.peering.id}.tunnel`;
    const port = used.port ?? facts.service.port;
    claimHost(host);
    new ServiceEntry(chart, `ServiceEntry ${name}`, {
      apiVersion: this.own.platform.apiVersion('ServiceEntry'),
      metadata: { name, namespace: this.own.controlPlane.namespace },
      spec: { hosts: [host], ports: [{ number: port, name: 'tcp', protocol: 'TCP' }], resolution: 'DNS' },
    });
    return { host, port };
  }
}

const provided = (fleet: Fleet) => {
  const provider = mesh(fleet, 'partner', {}, 'west');
  const database = provider.service('database', { namespace: 'data', ports: [Port.tcp(5432)], pods: { db: 'main' } });
  const cache = provider.service('cache', { namespace: 'data', ports: [Port.tcp(6379)] });
  return { provider, database, cache };
};

function together(lanes: number[]) {
  return (fleet: Fleet) => {
    const consumer = mesh(fleet, 'agency', {}, 'east');
    const { provider, database, cache } = provided(fleet);
    const peering = new TunnelPeering(fleet, 'premium', { consumer, provider });
    for (const lane of lanes) {
      peering.expose(lane === 1 ? database : cache, { lane, allow: [Access.tcp()], port: 9000 + lane });
    }
  };
}

test('its names are unique, and cancelling an exposure leaves others as they were', () => {
  namesAreUnique(together([1, 2]));
  expect(cancellingLeavesOthers(together([1, 2]), together([2])).sort()).toEqual([
    'ServiceEntry istio-system/premium.data.database.5432 @east',
    'WorkloadEntry data/premium.data.database.5432 @west',
  ]);
});

test('two repositories write what one would; the contract holds its common part and its facts', () => {
  const files = twoRepositoriesEqualOne({
    together: together([1]),
    provider: () => (fleet) => {
      const consumer = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example' });
      const { provider, database } = provided(fleet);
      new TunnelPeering(fleet, 'premium', { consumer, provider }).expose(database, { lane: 1, allow: [Access.tcp()] });
    },
    consumer: (contracts) => (fleet) => {
      const contract = Contract.parse(contracts('premium.json'), 'premium.json');
      const peering = TunnelPeering.fromContract(fleet, mesh(fleet, 'agency', {}, 'east'), contract);
      const exposure = peering.tcpExposure('data/database:5432', { port: 9001 });
      expect(exposure.nextHop).toEqual({ host: 'lane-1.premium.tunnel', port: 9001 });
      expect(exposure.facts.lane).toBe(1);
      expect(exposure.host).toBeUndefined();
    },
  });
  expect(JSON.parse(files['contracts/premium.json'])).toMatchObject({
    strategy: 'TunnelPeering',
    common: { tunnel: 'tunnel-premium' },
    exposures: [{ key: 'data/database:5432', lane: 1 }],
  });
});

test('the base checks for it: owner, protocol, access, what is exposed twice', () => {
  const fails = (expose: (peering: TunnelPeering, own: ReturnType<typeof provided>, fleet: Fleet) => unknown) => {
    const fleet = new Fleet();
    const own = provided(fleet);
    const consumer = mesh(fleet, 'agency', {}, 'east');
    return messageOf(() =>
      expose(new TunnelPeering(fleet, 'premium', { consumer, provider: own.provider }), own, fleet),
    );
  };
  const any = { lane: 1, allow: [Access.tcp()] };
  expect(
    fails((peering, { provider }) =>
      peering.expose(provider.service('web', { namespace: 'data', ports: [Port.http(80)] }) as never, any),
    ),
  ).toBe('MESH1219 premium: port http 80 does not fit into a tunnel; expected a tcp port');
  expect(
    fails((peering, { database }) => {
      const from = ['agency.example/ns/travel/sa/web'];
      peering.expose(database, { lane: 1, allow: [Access.tcp({ from })] });
    }),
  ).toBe(
    "MESH1206 premium: an access rule names callers (agency.example/ns/travel/sa/web), but a tunnel shows nobody; leave 'from' out; the rule would be widened",
  );
  expect(
    fails((peering, { database }) => {
      peering.expose(database, any);
      peering.expose(database, any);
    }),
  ).toBe("MESH1218 premium: 'data/database:5432' is exposed twice; expose it once, with all access rules");
  expect(
    fails((peering, _own, fleet) => {
      const other = mesh(fleet, 'other').service('database', { namespace: 'data', ports: [Port.tcp(5432)] });
      peering.expose(other, any);
    }),
  ).toBe(
    'MESH1203 premium: service data/database of other-cluster/other is not of the provider; expected a service of west/partner',
  );
});
