import type { FreePart } from '../run/origin';
import type { TextMatch } from '../view/condition';
import type { Box } from './boxes';
import { textAnswers } from './cells';
import { before, type TextAnswer } from './texts';

/** Requests of one kind. */
export interface RequestClass {
  /** `any`, or what a method may be: `GET`, `any but GET`. */
  readonly methods: readonly string[];
  /** `any`, or paths: `/a`, `/a*`, `/a* but /a/b`. */
  readonly paths: readonly string[];
  /** Host, headers and query, where anybody asks for them. */
  readonly others: readonly string[];
  /** Which token they must have, or must not: `with a token of a.example (groups x)`. */
  readonly token?: string;
}

/** Requests of some boxes, as people write them: boxes that differ in one thing are one. */
export function requestClasses(boxes: readonly Box[]): RequestClass[] {
  let classes = boxes.map(requestClass);
  for (const field of ['methods', 'paths', 'methods'] as const) classes = joined(classes, field);
  classes = joined(withAnyToken(classes), 'methods');
  return classes.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function requestClass(box: Box): RequestClass {
  const parts = textAnswers(box);
  const others = [...parts]
    .filter(([part]) => !['method', 'path', 'san'].includes(part) && !part.startsWith(CLAIM))
    .map(([part, list]) => named(part, list));
  return {
    methods: [described('method', parts.get('method') ?? [])],
    paths: [described('path', parts.get('path') ?? [])],
    others: others.sort(),
    ...tokenOf(parts),
  };
}

const CLAIM = 'claim ';
const WITHOUT = 'without a token';

/** Where none is needed, those that are accepted do no harm: how they differ says nothing. */
function withAnyToken(classes: readonly RequestClass[]): RequestClass[] {
  const rest = ({ token: _, ...one }: RequestClass) => JSON.stringify(one);
  const open = new Set(classes.filter(({ token }) => token?.startsWith(WITHOUT)).map(rest));
  const needed = classes.filter((one) => one.token !== undefined && !one.token.startsWith(WITHOUT)).map(rest);
  const both = new Set(needed.filter((key) => open.has(key)));
  const all = classes.map((one) =>
    both.has(rest(one)) ? { ...one, token: `${WITHOUT}, or with one that is accepted` } : one,
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** The token of some requests. Where rules refuse tokens of others, those without one are who has none of theirs. */
function tokenOf(parts: ReadonlyMap<FreePart, readonly TextAnswer[]>): Pick<RequestClass, 'token'> {
  const claims = [...parts].filter(([part]) => part.startsWith(CLAIM)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (claims.length === 0) return {};
  const isThere = claims.some(([, answers]) => answers.some(({ answer }) => answer));
  const said = claims.map(([part, answers]) => ({ part, name: part.slice(CLAIM.length), answers }));
  // of what it must not be, the texts alone: `but` says nothing new
  const textOf = ({ part, answers }: (typeof said)[number]) =>
    isThere ? described(part, answers) : answers.map(({ match, steps }) => pattern(part, match, steps)).join(', ');
  const issuer = said.find(({ name }) => name === 'iss');
  const others = said.filter((one) => one !== issuer).map((one) => `${one.name} ${textOf(one)}`);
  const of = issuer ? ` of ${textOf(issuer)}` : '';
  return { token: `${isThere ? 'with a token' : WITHOUT}${of}${others.length > 0 ? ` (${others.join(', ')})` : ''}` };
}

function joined(classes: readonly RequestClass[], field: 'methods' | 'paths'): RequestClass[] {
  const byRest = new Map<string, RequestClass>();
  for (const one of classes) {
    const key = JSON.stringify({ ...one, [field]: [] });
    const held = byRest.get(key);
    const values = [...new Set([...(held?.[field] ?? []), ...one[field]])].sort();
    byRest.set(key, { ...one, [field]: values.includes('any') ? ['any'] : values });
  }
  return [...byRest.values()];
}

function named(part: FreePart, answers: readonly TextAnswer[]): string {
  if (part === 'host') return `host ${described(part, answers)}`;
  const [kind, name] = [part.slice(0, part.indexOf(' ')), part.slice(part.indexOf(' ') + 1)];
  const value = described(part, answers);
  return kind === 'query' ? `?${name}=${value}` : `${name}: ${value}`;
}

/** Texts with some answers: patterns that they have, `but` patterns that they must not have. */
export function described(part: FreePart, answers: readonly TextAnswer[]): string {
  const of = (side: boolean) =>
    [
      ...new Set(
        answers.filter(({ answer }) => answer === side).map(({ match, steps }) => pattern(part, match, steps)),
      ),
    ].sort();
  const [only, except] = [of(true), of(false)];
  const what = only.length > 0 ? only.join(' and ') : 'any';
  return except.length > 0 ? `${what} but ${except.join(', ')}` : what;
}

/** A pattern as the client sees it: undone, where proxies change the text before they ask. */
function pattern(part: FreePart, match: TextMatch, steps: TextAnswer['steps']): string {
  const { kind, ignoreCase } = match;
  const changes = steps.filter((step) => step.kind === 'prefix' || step.kind === 'regex');
  const value = kind === 'exact' || kind === 'prefix' ? before(match.value, steps) : match.value;
  const text = withMark({ ...match, value: value ?? match.value });
  const front = changes.find((step) => step.kind === 'prefix')?.from;
  const isUndone = changes.length === 0 || ((kind === 'exact' || kind === 'prefix') && value !== undefined);
  const where = isUndone ? '' : front === undefined ? ` (${part} as it is rewritten)` : ` (behind ${front})`;
  // hosts have no case
  return `${text}${where}${ignoreCase && part !== 'host' ? ' (any case)' : ''}`;
}

function withMark({ kind, value }: TextMatch): string {
  switch (kind) {
    case 'exact':
      return value;
    case 'prefix':
      return `${value}*`;
    case 'suffix':
      return `*${value}`;
    case 'contains':
      return `*${value}*`;
    case 'present':
      return 'something';
    case 'regex':
      return value === '.*' ? 'something' : `~${value}`;
  }
}
