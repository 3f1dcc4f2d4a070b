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
}

/** Requests of some boxes, as people write them: boxes that differ in one thing are one. */
export function requestClasses(boxes: readonly Box[]): RequestClass[] {
  let classes = boxes.map(requestClass);
  for (const field of ['methods', 'paths', 'methods'] as const) classes = joined(classes, field);
  return classes.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

function requestClass(box: Box): RequestClass {
  const parts = textAnswers(box);
  const others = [...parts]
    .filter(([part]) => !['method', 'path', 'san'].includes(part))
    .map(([part, list]) => named(part, list));
  return {
    methods: [described('method', parts.get('method') ?? [])],
    paths: [described('path', parts.get('path') ?? [])],
    others: others.sort(),
  };
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
