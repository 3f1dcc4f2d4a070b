import type { Destination, VirtualServiceSpec } from '../world/istio-types';

const BLOCKS = ['http', 'tcp', 'tls'] as const;

/** A destination of a VirtualService, and where it stands. */
export interface PlacedDestination {
  readonly destination: Partial<Destination>;
  readonly block: (typeof BLOCKS)[number];
  /** Of the rule in its block. */
  readonly rule: number;
  /** Of the destination in its rule. */
  readonly index: number;
}

/** All destinations of a VirtualService, block by block; hand-written ones may lack anything. */
export function destinationsOf(spec: VirtualServiceSpec): PlacedDestination[] {
  const found: PlacedDestination[] = [];
  for (const block of BLOCKS) {
    (spec[block] ?? []).forEach(({ route = [] }, rule) => {
      route.forEach(({ destination = {} }: { readonly destination?: Partial<Destination> }, index) => {
        found.push({ destination, block, rule, index });
      });
    });
  }
  return found;
}

/** Path of a field of a destination. */
export const destinationField = ({ block, rule, index }: PlacedDestination, field: string): string =>
  `spec.${block}[${rule}].route[${index}].destination.${field}`;
