import type { AccessFacts } from '../../facts/access';
import type {
  ConditionsSummary,
  ExposureSummary,
  FleetDocument,
  MeshFacts,
  PeeringSummary,
  TokenSummary,
} from '../../facts/fleet';
import { push } from '../../facts/memo';
import { RootNames } from '../world/root-names';

/** The parties of a peering that are meshes of the fleet. */
export interface Parties {
  readonly consumer?: MeshFacts;
  readonly provider?: MeshFacts;
}

/** What a fleet states, with what is looked up for every exposure at hand. */
export class Stated {
  public readonly roots: RootNames;
  private readonly meshes: ReadonlyMap<string, MeshFacts>;
  private readonly rules = new Map<string, AccessFacts[]>();
  private readonly ofService = new Map<string, AccessFacts[]>();
  private readonly tokens = new Map<string, TokenSummary[]>();
  private readonly conditions = new Map<string, (ConditionsSummary | undefined)[]>();

  constructor(public readonly document: FleetDocument) {
    this.roots = new RootNames(document);
    this.meshes = new Map(document.meshes.map((mesh) => [mesh.name, mesh]));
    for (const { provider, exposures } of document.peerings) {
      for (const exposure of exposures) {
        for (const rule of exposure.access) {
          push(this.rules, placeOf(provider, exposure), rule);
          push(this.ofService, serviceOf(provider, exposure.key), rule);
        }
        for (const token of exposure.conditions?.tokens ?? []) push(this.tokens, gatewayOf(provider, exposure), token);
        if (exposure.access.length > 0) push(this.conditions, placeOf(provider, exposure), exposure.conditions);
      }
    }
  }

  /** DNS domain of the Services of a mesh's cluster. */
  public domainOf({ cluster }: MeshFacts): string {
    return this.document.clusters.find(({ name }) => name === cluster)?.domain ?? 'cluster.local';
  }

  public parties({ consumer, provider }: PeeringSummary): Parties {
    return { consumer: this.meshes.get(consumer), provider: this.meshes.get(provider) };
  }

  /** Access rules of all peerings that lead to the same service the same way: they add up. */
  public rulesFor({ provider }: PeeringSummary, exposure: ExposureSummary): readonly AccessFacts[] {
    return this.rules.get(placeOf(provider, exposure)) ?? [];
  }

  /** Access rules of all exposures of the same service, whatever way and subset they lead to. */
  public rulesOfService({ provider }: PeeringSummary, { key }: ExposureSummary): readonly AccessFacts[] {
    return this.ofService.get(serviceOf(provider, key)) ?? [];
  }

  /** Tokens that exposures of the same gateway ask for, this one among them. */
  public tokensAt({ provider }: PeeringSummary, exposure: ExposureSummary): readonly TokenSummary[] {
    return this.tokens.get(gatewayOf(provider, exposure)) ?? [];
  }

  /** What each of these asks besides; undefined for one that asks nothing. */
  public conditionsFor(
    { provider }: PeeringSummary,
    exposure: ExposureSummary,
  ): readonly (ConditionsSummary | undefined)[] {
    return this.conditions.get(placeOf(provider, exposure)) ?? [];
  }
}

const gatewayOf = (provider: string, { arrival }: ExposureSummary): string => `${provider} ${arrival?.gateway}`;

const placeOf = (provider: string, { key }: ExposureSummary): string => `${provider} ${key}`;

/** A service of a provider: its key without port and subset. */
const serviceOf = (provider: string, key: string): string => `${provider} ${key.replace(/:.*$/, '')}`;
