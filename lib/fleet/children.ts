import type { IConstruct } from 'constructs';

/**
 * Has a new construct keep its children in an object without hidden classes.
 *
 * `constructs` keeps them by id, in an object that begins as `{}`. V8 remembers 1,536 keys with which such objects go on;
 * of a thousand charts, each begins with another id. After that every object of the process that begins empty gets a
 * hidden class of its own with each key: a third of the memory of 200 clusters, and more than its share of 1,000.
 */
export function keepChildrenByName(construct: IConstruct): void {
  (construct.node as unknown as { _children: object })._children = Object.create(null);
}
