import { type Outcome, outcomeOf } from './compare';
import type { Document, Verdict } from './oracle';

/** A line of the fixture: an object, and what a cluster says of it. */
export type FixtureLine = readonly [document: Document, refusedBy: Outcome['refusedBy'], warnings: number];

/** So many objects are kept for the same statement about the same kind, by who says it. */
const PER_STATEMENT: Readonly<Record<Outcome['refusedBy'], number>> = { 'api server': 1, webhook: 2, nobody: 30 };
/** Longer objects say nothing that shorter ones do not. */
const MAX_LENGTH = 700;

/** The fixture's text: of many objects the shortest for each thing that a cluster says, said alone if it ever is. */
export function fixtureText(documents: readonly Document[], verdicts: readonly Verdict[]): string {
  const lines = documents.map((document, i) => {
    const verdict = verdicts[i] as Verdict;
    const { refusedBy, warnings } = outcomeOf(verdict);
    const text = JSON.stringify([document, refusedBy, warnings] satisfies FixtureLine);
    return { text, kind: String(document.kind), said: statements(verdict), limit: PER_STATEMENT[refusedBy] };
  });
  const short = lines.filter(({ text }) => text.length <= MAX_LENGTH);
  // Of those that nobody refuses, the first ones are as good as the shortest, and have more in them.
  short.sort(
    (a, b) => a.said.length - b.said.length || (a.limit > 2 && b.limit > 2 ? 0 : a.text.length - b.text.length),
  );
  const counts = new Map<string, number>();
  const kept = new Set<string>();
  for (const { text, kind, said, limit } of short) {
    const keys = said.map((statement) => `${kind} ${statement}`);
    if (kept.has(text) || !keys.some((key) => (counts.get(key) ?? 0) < limit)) continue;
    kept.add(text);
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return `${[...kept].sort().join('\n')}\n`;
}

/** The things that are said, without places and values. */
function statements({ schema, webhook, warnings = [] }: Verdict): string[] {
  if (schema !== undefined)
    return [...new Set(schema.split(/, (?=(?:spec|metadata|<nil>)[.[:]?)/).map(schemaStatement))];
  const said =
    webhook === undefined ? warnings : webhook.split(/\n\s*\* /).slice(webhook.includes('errors occurred') ? 1 : 0);
  return said.length === 0 ? ['admitted'] : [...new Set(said.map(withoutValues))];
}

function schemaStatement(text: string): string {
  return withoutValues(text.replace(/^\[?[\w.[\]<>-]+: /, '').replace(/ in (?:body|spec)\S*/, ''));
}

function withoutValues(text: string): string {
  const plain = text.replace(/"(?:\\.|[^"\\])*"|'[^']*'|\[[^\]]*\]|\(.*\)|\d+/g, '_');
  return plain.replace(/supported values.*|domain name \S+|rule _\S*|: .*CIDR.*/, '').slice(0, 60);
}
