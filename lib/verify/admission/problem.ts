import type { FieldPath, Path } from './path';

/** Who decides: the API server by the kind's schema, by a CEL rule of it, or by code; or istiod's validating webhook. */
export type Judge = 'schema' | 'rule' | 'core' | 'webhook';

/** Something that a cluster says of an object when it is applied. */
export interface Problem {
  /** An `error` is why the object is refused; a `warning` is printed by kubectl, and the object taken. */
  readonly severity: 'error' | 'warning';
  readonly by: Judge;
  /** The field; of a missing field, the place where it is missing. */
  readonly path: FieldPath;
  /** What was found and what was expected, without the path: `is 70000, expected a port from 1 to 65535`. */
  readonly message: string;
}

/** Collects what one judge finds in one object. */
export class Report {
  /** In the order of discovery. */
  public readonly problems: Problem[] = [];
  private quiet = false;

  constructor(private readonly by: Judge) {}

  /** Whether nothing found so far refuses the object. */
  public get accepted(): boolean {
    return !this.problems.some(({ severity }) => severity === 'error');
  }

  /** The object is refused because of a field. */
  public error(at: Path, message: string): void {
    this.problems.push({ severity: 'error', by: this.by, path: at.steps(), message });
  }

  /** The object is taken, but kubectl prints what is wrong with a field. */
  public warning(at: Path, message: string): void {
    if (!this.quiet) this.problems.push({ severity: 'warning', by: this.by, path: at.steps(), message });
  }

  /** Runs rules of which istiod does not pass warnings on. */
  public errorsOnly(rules: () => void): void {
    const before = this.quiet;
    this.quiet = true;
    rules();
    this.quiet = before;
  }
}

/** A value as messages show it; long ones are cut. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** Why a value is no text: words and numbers without quotes are the usual reason. */
export function noText(value: unknown): string {
  const is = `is ${show(value)}, expected a string`;
  if (typeof value === 'number') return `${is}: YAML reads what looks like a number as one; put it in quotes`;
  if (typeof value !== 'boolean') return is;
  return `${is}: YAML reads ${value ? 'true, yes, on and y' : 'false, no, off and n'} as a boolean; put it in quotes`;
}
