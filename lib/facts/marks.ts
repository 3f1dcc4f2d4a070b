// Symbols instead of `instanceof`, as in cdk8s: there may be several copies of this package in one program.

/** Says, to every copy of this package, what something is. */
export function mark(x: object, name: string): void {
  Object.defineProperty(x, markOf(name), { value: true });
}

/** Whether a copy of this package has said that something is this. */
export function isMarked(x: unknown, name: string): boolean {
  return hasMark(x, markOf(name));
}

/** The same for a mark that is at hand, where many are asked. */
export function hasMark(x: unknown, own: symbol): boolean {
  return typeof x === 'object' && x !== null && own in x;
}

/** By what something is marked as of this kind. */
export function markOf(name: string): symbol {
  return Symbol.for(`cdk8s-multimesh.${name}`);
}
