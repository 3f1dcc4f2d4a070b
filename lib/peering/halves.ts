import type { NextHop } from '../facts/destination';
import type { ExposureFacts } from '../facts/exposure';
import { objectName } from '../facts/names';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Mesh } from '../mesh/mesh';
import type { DialledHost } from '../traffic/dialled-host';
import { claimHost } from './claim-host';
import type { Exposable } from './exposable';
import type { ConsumerHalf, PeeringName, ProviderHalf, Strategy } from './strategy';

/** Whose halves they are, and how each is made. */
interface HalvesOf<S extends Strategy> {
  readonly peering: PeeringName;
  /** Whether the provider is a server in no mesh. */
  readonly isOfServer: boolean;
  readonly providerHalf: (mesh: Mesh) => ProviderHalf<S>;
  readonly consumerHalf: (mesh: Mesh) => ConsumerHalf<S>;
  readonly chartOf: (side: 'consumer' | 'provider', mesh: Mesh) => MeshChart;
}

/** What the two sides of a peering write, where they are ours: each half is made when there is something to write. */
export class Halves<S extends Strategy> {
  private provider?: ProviderHalf<S>;
  private consumer?: ConsumerHalf<S>;

  constructor(private readonly of: HalvesOf<S>) {}

  /** Writes an exposure at the provider. */
  public provide(
    mesh: Mesh,
    {
      service,
      facts,
      stated,
    }: { readonly service: Exposable; readonly facts: S['facts']; readonly stated: S['stated'] },
  ): void {
    this.provider ??= this.of.providerHalf(mesh);
    const exposure = { chart: this.of.chartOf('provider', mesh), facts, name: this.objectName(facts), stated };
    if (service.kind === 'meshService') this.provider.provide({ service, ...exposure });
    else this.provider.provideServer?.({ service, ...exposure });
  }

  /** Writes an exposure at the consumer; gives what rules point at, and what callers dial themselves. */
  public consume(
    mesh: Mesh,
    { facts, used }: { readonly facts: S['facts']; readonly used: S['used'] },
  ): { readonly nextHop: NextHop; readonly dialled?: DialledHost } {
    const { peering, isOfServer, chartOf } = this.of;
    this.consumer ??= this.of.consumerHalf(mesh);
    let dialled: DialledHost | undefined;
    const nextHop = this.consumer.consume({
      chart: chartOf('consumer', mesh),
      facts,
      name: this.objectName(facts),
      used,
      claimHost: (host, leader = {}) => claimHost({ consumer: mesh, host, leader, isOfServer, where: peering.where }),
      letDial: (host) => {
        dialled = host;
      },
    });
    return { nextHop, dialled };
  }

  /** Base name of the objects of one exposure. */
  private objectName({ service: { namespace, name, port, subset } }: ExposureFacts): string {
    const { id, where } = this.of.peering;
    const service = namespace === undefined ? name : `${namespace}.${name}`;
    const stated = `${id}.${service}.${port}${subset === undefined ? '' : `.${subset}`}`;
    // all names of a domain
    return objectName(stated.replace('*', 'any'), where);
  }
}
