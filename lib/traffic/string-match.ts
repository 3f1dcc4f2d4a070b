import type * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { requireText } from '../facts/kind-of';
import { re2 } from '../facts/packages';

declare const brand: unique symbol;

/** How a text is compared. */
export type StringMatchKind = 'exact' | 'prefix' | 'regex' | 'present';

/** What the text of a header, query parameter or path must be. A value. */
export class StringMatch<K extends StringMatchKind = StringMatchKind> {
  /** This text and no other; upper and lower case differ. */
  public static exact(text: string): StringMatch<'exact'> {
    requireText(text, 'StringMatch.exact', 'text');
    return new StringMatch('exact', text);
  }

  /**
   * A text that begins like this.
   *
   * @throws MESH1308 for an empty one, which every text begins with.
   */
  public static prefix(text: string): StringMatch<'prefix'> {
    requireText(text, 'StringMatch.prefix', 'text');
    if (text !== '') return new StringMatch('prefix', text);
    throw new MeshError(
      'MESH1308',
      'StringMatch.prefix',
      'the text is empty, and every text begins so; use StringMatch.present()',
    );
  }

  /**
   * A regular expression of RE2 syntax that the whole text must match. RE2 has no look-around and no back references, so
   * that matching takes linear time.
   *
   * @throws MESH1308 for one that RE2 does not take, or of more than 1024 characters, which istiod refuses.
   */
  public static regex(pattern: string): StringMatch<'regex'> {
    compile(pattern, 'StringMatch.regex');
    return new StringMatch('regex', pattern);
  }

  /** Any text: the header or query parameter is there. */
  public static present(): StringMatch<'present'> {
    return new StringMatch('present', '');
  }

  declare protected readonly [brand]: K;

  private constructor(
    /** How it is compared. */
    public readonly kind: K,
    /** What it is compared with; empty for `present`. */
    public readonly text: string,
  ) {}

  /** As Istio writes it. */
  public render(): istio.StringMatch {
    const { kind, text } = this as StringMatch;
    if (kind === 'present') return {};
    if (kind === 'exact') return { exact: text };
    return kind === 'prefix' ? { prefix: text } : { regex: text };
  }

  /**
   * Whether it takes every text that another one takes. Of two regular expressions only equal ones are known to; that of
   * a prefix with one is seen by the letters that it begins with.
   */
  public covers(other: StringMatch): boolean {
    const { kind, text } = this as StringMatch;
    if (kind === 'present') return true;
    if (other.kind === 'present') return false;
    if (kind === 'prefix') {
      return (other.kind === 'regex' ? beginning(other.text) : other.text).startsWith(text);
    }
    if (kind === 'exact') return other.kind === 'exact' && other.text === text;
    if (other.kind === 'exact') return re2().compile(text).matches(other.text);
    return other.kind === 'regex' && other.text === text;
  }

  /** For messages. */
  public toString(): string {
    const { kind, text } = this as StringMatch;
    if (kind === 'present') return 'any value';
    if (kind === 'exact') return `'${text}'`;
    return kind === 'prefix' ? `'${text}*'` : `the regular expression '${text}'`;
  }
}

/** What every text begins with that a regular expression matches, as far as its own first letters say it. */
function beginning(pattern: string): string {
  if (pattern.includes('|')) return '';
  const [letters] = /^\^?[^\\^$.|?*+()[\]{}]*/.exec(pattern) as RegExpExecArray;
  const isOptional = /^[?*{]/.test(pattern.slice(letters.length));
  return (isOptional ? letters.slice(0, -1) : letters).replace(/^\^/, '');
}

/** Istiod refuses longer ones (`validateStringRegexp`). */
const MAX_PATTERN = 1024;

/**
 * Checks a regular expression.
 *
 * @throws MESH1308 for one that RE2 does not take, or that is too long.
 */
export function compile(pattern: string, where: string): void {
  requireText(pattern, where, 'regular expression');
  if (pattern === '' || pattern.length > MAX_PATTERN) {
    throw new MeshError(
      'MESH1308',
      where,
      `the regular expression has ${pattern.length} characters; expected 1 to ${MAX_PATTERN}, as istiod takes them`,
    );
  }
  try {
    re2().compile(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MeshError(
      'MESH1308',
      where,
      `the regular expression '${pattern}' is none of RE2 syntax (${reason}); RE2 has no look-around and no back references`,
    );
  }
}
