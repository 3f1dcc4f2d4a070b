import { visible } from '../../facts/visible';

/** Place in an object: field names, keys and indices from the outside in. */
export type FieldPath = readonly (string | number)[];

/** A path on the way down into an object; it is written out only where there is a problem. */
export class Path {
  /** The object itself. */
  public static readonly ROOT = new Path(undefined, '');

  // only declared: there are a hundred for each object, and fields that are defined first take twice the time
  declare private readonly parent: Path | undefined;
  declare private readonly step: string | number;

  private constructor(parent: Path | undefined, step: string | number) {
    this.parent = parent;
    this.step = step;
  }

  /** The place of a field, or of an item, below this one. */
  public at(step: string | number): Path {
    return new Path(this, step);
  }

  /** The steps from the object to here. */
  public steps(): FieldPath {
    const steps: (string | number)[] = [];
    for (let path: Path = this; path.parent !== undefined; path = path.parent) steps.push(path.step);
    return steps.reverse();
  }
}

/** Runs rules for every item of a list, if there is one. */
export function each<T>(items: readonly T[] | undefined, at: Path, rules: (item: T, at: Path) => void): void {
  if (items === undefined) return;
  for (let i = 0; i < items.length; i++) rules(items[i] as T, at.at(i));
}

/** A path as people write it: `spec.http[0].match[1].headers[x-user]`. */
export function pathText(path: FieldPath): string {
  let text = '';
  for (const step of path) {
    if (step === '') text += '[""]';
    else if (typeof step === 'number') text += `[${step}]`;
    else if (!/^[A-Za-z_]\w*$/.test(step)) text += `[${visible(step)}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}
