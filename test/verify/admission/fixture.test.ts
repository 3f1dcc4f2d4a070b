import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Admission } from '../../../lib/verify/admission/admission';
import { pathText } from '../../../lib/verify/admission/path';
import { outcomeOfProblems } from '../../../tools/oracle-admission/compare';
import type { FixtureLine } from '../../../tools/oracle-admission/fixture';

/** Objects with the verdicts of an API server's and of istiod's own code: `tools/oracle-admission/main.ts --fixture`. */
const lines = readFileSync(join(__dirname, 'fixture.jsonl'), 'utf8')
  .split('\n')
  .slice(0, -1)
  .map((line) => JSON.parse(line) as FixtureLine);
const kinds = [...new Set(lines.map(([{ kind }]) => String(kind)))];
const admission = new Admission(['istio-1.31']);

test('the fixture has admitted and refused objects of every kind', () => {
  expect(kinds).toHaveLength(15);
  for (const kind of kinds) {
    const outcomes = lines.filter(([document]) => document.kind === kind).map(([, refusedBy]) => refusedBy);
    expect([kind, ...new Set(outcomes)].sort()).toEqual([kind, 'api server', 'nobody', 'webhook'].sort());
  }
});

describe.each(kinds)('%s', (kind) => {
  const own = lines.filter(([document]) => document.kind === kind);

  test(`${own.length} objects are refused by whom a cluster lets refuse them, with as many warnings`, () => {
    const different = own.filter(([document, refusedBy, warnings]) => {
      const ours = outcomeOfProblems(admission.judge(document));
      return ours.refusedBy !== refusedBy || ours.warnings !== warnings;
    });
    expect(different).toEqual([]);
  });

  test('every problem is at a place of the object, or at a field that is missing there', () => {
    for (const [document] of own) {
      for (const { path, message } of admission.judge(document)) {
        const parent = path
          .slice(0, -1)
          .reduce<unknown>((value, step) => (value as Record<string, unknown>)?.[step], document);
        const there = path.length <= 2 || parent !== undefined || /is (?:required|missing)/.test(message);
        expect([pathText(path), message, there]).toEqual([pathText(path), message, true]);
      }
    }
  });
});

test('every sentence that is said about the fixture is known', () => {
  const examples = new Map<string, string>();
  for (const [document] of lines) {
    for (const { severity, by, path, message } of admission.judge(document)) {
      const sentence = message
        .replace(/"(?:\\.|[^"\\])*"|-?\d[\d.e+]*/g, '_')
        .replace(/no CEL expression: .*/, 'no CEL expression');
      const key = `${severity} ${by} ${sentence.slice(0, 60)}`;
      const example = `${severity} (${by}) ${document.kind} ${pathText(path)} ${message.slice(0, 160)}`;
      const shorter = examples.get(key);
      if (shorter === undefined || example.length < shorter.length) examples.set(key, example);
    }
  }
  expect([...examples.values()].sort()).toMatchSnapshot();
});
