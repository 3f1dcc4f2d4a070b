import { direct } from './direct';
import { egressGateway } from './egress-gateway';
import { privateGateway } from './private-gateway';
import type { StrategyShape } from './strategy';

// biome-ignore lint/suspicious/noExplicitAny: options belong to one strategy, random fleets pass them on unseen
export type AnyStrategy = StrategyShape<any>;

/** Every strategy: each gets all assertions that are about peerings. */
export const STRATEGIES: readonly AnyStrategy[] = [direct, egressGateway, privateGateway];
