import { parseArgs } from 'node:util';
import { MeshError } from '../facts/error';
import { nearest } from '../facts/nearest';

/** What a command line of a command may hold. */
export interface Syntax {
  /** Arguments as help shows them: `<dir>`. */
  readonly usage: string;
  /** How many arguments it takes that are no options. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** In the order of help. */
  readonly options: Readonly<Record<string, Option>>;
}

/** An option of a command; without `value` it is a flag. */
export interface Option {
  /** What its value is, for help: `FILE`. */
  readonly value?: string;
  readonly short?: string;
  /** Whether it may be given several times. */
  readonly isList?: boolean;
  /** Values that it takes, the default first; undefined where anything goes. */
  readonly of?: readonly string[];
  /** A few words for help. */
  readonly help: string;
}

/** A command line after it was read. */
export class Arguments {
  constructor(
    /** What is no option. */
    public readonly positionals: readonly string[],
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly options: Readonly<Record<string, Option>>,
  ) {}

  /** Whether a flag is there. */
  public has(flag: string): boolean {
    return this.values[flag] === true;
  }

  /** The value of an option; that of a closed list has a default. */
  public value(option: string): string | undefined {
    return (this.values[option] as string | undefined) ?? this.options[option]?.of?.[0];
  }

  /** The values of an option that may be given several times. */
  public list(option: string): readonly string[] {
    return (this.values[option] as readonly string[] | undefined) ?? [];
  }
}

/**
 * Reads the arguments of a command.
 *
 * @throws MESH4001 for an option that it does not have, a value that is missing or unknown, arguments too many or too few.
 */
export function readArguments(name: string, { options, positionals, usage }: Syntax, argv: string[]): Arguments {
  const asked = {
    help: { type: 'boolean', short: 'h' } as const,
    ...Object.fromEntries(
      Object.entries(options).map(([key, { value, short, isList }]) => [
        key,
        {
          type: value === undefined ? ('boolean' as const) : ('string' as const),
          ...(short === undefined ? {} : { short }),
          ...(isList ? { multiple: true } : {}),
        },
      ]),
    ),
  };
  const where = `multimesh ${name}`;
  const read = parsed(where, asked, argv);
  for (const [key, { of }] of Object.entries(options)) {
    const value = read.values[key];
    if (of !== undefined && value !== undefined && !of.includes(String(value))) {
      throw misused(where, `--${key} is '${value}'; expected one of ${of.join(', ')}`);
    }
  }
  const given = read.positionals.length;
  if (read.values.help !== true && (given < positionals.min || given > positionals.max)) {
    const got = given === 0 ? 'there are none' : `there are ${given}: ${read.positionals.join(' ')}`;
    throw misused(where, `expected the arguments ${usage}; ${got}`);
  }
  return new Arguments(read.positionals, read.values, options);
}

type Parsed = { readonly values: Readonly<Record<string, unknown>>; readonly positionals: string[] };

function parsed(where: string, options: NonNullable<Parameters<typeof parseArgs>[0]>['options'], args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true }) as Parsed;
  } catch (error) {
    // Node's own words, without the hints that belong to programs
    const [reason] = (error as Error).message.split(/\. |\.$|\n/);
    const [, name] = /^Unknown option '--([\w-]+)/.exec(reason) ?? [];
    const meant = name === undefined ? undefined : nearest(name, Object.keys(options ?? {}));
    const hint = meant === undefined ? '' : `, did you mean --${meant}?`;
    throw misused(where, `${reason.charAt(0).toLowerCase()}${reason.slice(1)}${hint}`);
  }
}

/** The command line is not understood. */
export function misused(where: string, message: string): MeshError {
  return new MeshError('MESH4001', where, `${message}; '${where} --help' shows what there is`);
}
