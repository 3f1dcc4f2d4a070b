import { Random } from '../../random';

/** The order in which a program states things. */
export type Order = <T>(items: readonly T[]) => readonly T[];

/** As they come. */
export const inOrder: Order = (items) => items;

/** Any other order, which a seed repeats. */
export function shuffled(seed: number): Order {
  const random = new Random(seed);
  return (items) => random.some(items, items.length);
}

/** The numbers from 0 up to a limit. */
export const range = (limit: number): number[] => Array.from({ length: limit }, (_, index) => index);
