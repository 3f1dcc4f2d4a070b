import { re2 } from '../../facts/packages';

/** How a text is compared. */
export interface TextMatch {
  readonly kind: 'exact' | 'prefix' | 'suffix' | 'contains' | 'regex' | 'present';
  readonly value: string;
  readonly ignoreCase?: boolean;
}

/** What a policy can look at. `peer` is a name of the client's certificate. */
export type Variable = 'path' | 'method' | 'host' | 'sni' | 'peer' | `header ${string}`;

/** What a policy asks, as data: whoever evaluates it can also tell what was asked. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly variable: Variable; readonly match: TextMatch }
  | { readonly address: 'source' | 'remote' | 'destination'; readonly block: string }
  | { readonly destinationPort: number }
  /** Tokens of end users, whose content nothing says but a call that states one; `claims` must all be in it. */
  | { readonly unknown: string; readonly claims?: readonly ClaimMatch[] };

/** What a claim of a token must be. */
export interface ClaimMatch {
  readonly claim: string;
  readonly match: TextMatch;
}

export const ALWAYS: Condition = { all: [] };
export const NEVER: Condition = { any: [] };

/** Compares a text; regular expressions must match all of it, as Envoy's do. */
export function matchesText({ kind, value, ignoreCase = false }: TextMatch, text: string): boolean {
  if (kind === 'regex') return fullMatch(value).test(text);
  const [given, wanted] = ignoreCase ? [text.toLowerCase(), value.toLowerCase()] : [text, value];
  switch (kind) {
    case 'exact':
      return given === wanted;
    case 'prefix':
      return given.startsWith(wanted);
    case 'suffix':
      return given.endsWith(wanted);
    case 'contains':
      return given.includes(wanted);
    case 'present':
      return given.length > 0;
  }
}

/** Flags inside, classes by name, and anchors that JavaScript lacks or reads otherwise. */
const RE2_ALONE = /\(\?[a-zA-Z-]+[:)]|\[:|\\[pPzAQCU]/;

/** RE2 syntax, mostly by JavaScript's own engine; an expression that neither can read matches nothing. */
export function fullMatch(expression: string): { test(text: string): boolean } {
  try {
    if (!RE2_ALONE.test(expression)) return new RegExp(`^(?:${expression.replaceAll('(?P<', '(?<')})$`, 's');
    const RE2 = re2();
    const program = RE2.compile(expression, RE2.DOTALL);
    return { test: (text) => program.testExact(text) };
  } catch {
    return /[^\s\S]/;
  }
}

/** Text as a regular expression that matches it alone. */
export const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
