// Symbols instead of `instanceof`, as in cdk8s: there may be several copies of this package in one program.

/** Says, to every copy of this package, what something is. */
export function mark(x: object, name: string): void {
  Object.defineProperty(x, symbolOf(name), { value: true });
}

/** Whether a copy of this package has said that something is this. */
export function isMarked(x: unknown, name: string): boolean {
  return typeof x === 'object' && x !== null && symbolOf(name) in x;
}

function symbolOf(name: string): symbol {
  return Symbol.for(`cdk8s-multimesh.${name}`);
}
