import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CODES, Istio, Ossm } from '../../lib';
import { Admission } from '../../lib/verify/admission/admission';
import { runCalls } from '../../lib/verify/calls/results';
import { judge } from '../../lib/verify/judge';
import { findings, type Rule } from '../../lib/verify/rule';
import { describe as nameOf, type Resource, resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import { type Golden, goldens } from '../../tools/oracle/golden';
import { MESHES } from './mistakes/meshes';
import type { Mistake, NamedBy } from './mistakes/mistake';
import { POLICIES } from './mistakes/policies';
import { ROUTES } from './mistakes/routes';
import { TLS } from './mistakes/tls';
import { example, FACTS } from './support/examples';

// What people do wrong between meshes, and who names it before anything is applied.

const PARTS: readonly (readonly [string, readonly Mistake[]])[] = [
  ['TLS and certificates', TLS],
  ['Hosts, ports and routes', ROUTES],
  ['Who may call', POLICIES],
  ['Two meshes of one root, and federations', MESHES],
];
const MISTAKES: readonly Mistake[] = PARTS.flatMap(([, all]) => all);
const PAGE = join(__dirname, '../../docs/mistakes.md');
const RULE_FILES = readdirSync(join(__dirname, '../../lib/verify/rules')).filter((file) => file !== 'index.ts');
const GOLDENS = new Map(goldens().map((golden) => [golden.name, golden]));
const ADMISSIONS = { istio: new Admission(Istio.v1_31().bundles), ossm2: new Admission(Ossm.v2_6().bundles) };

function fileOf(code: string): string | undefined {
  return RULE_FILES.find((file) => Object.values<Rule>(require(`../../lib/verify/rules/${file}`))[0].code === code);
}

/** Calls of a golden scenario that end otherwise than real proxies ended them. */
function otherwise({ facts, resources, calls }: Golden): string[] {
  const first = calls.filter(({ before }) => before === undefined);
  return runCalls(new World(facts, resources), first).flatMap(({ failure }) => failure ?? []);
}

function changed(golden: Golden, { object, change }: Extract<NamedBy, { golden: string }>): Golden {
  const isMeant = (one: Resource) => nameOf(one) === object || one.kind === object;
  expect(golden.resources.filter(isMeant)).not.toEqual([]);
  const resources = golden.resources.flatMap((one) => {
    if (!isMeant(one)) return [one];
    if (change === undefined) return [];
    const text = JSON.stringify(one.manifest);
    expect(text).toContain(change[0]);
    return [resource(one.cluster, JSON.parse(text.replaceAll(change[0], change[1])), one.source)];
  });
  return { ...golden, resources };
}

/** Codes of errors and warnings that `multimesh verify` finds in manifests, of which no calls are stated. */
function foundIn({ facts, resources }: Golden): string[] {
  const clusters = Object.keys(facts.meshes);
  const { findings } = judge({ clusters, resources, facts, assumptions: [], leftAlone: [] });
  return [...new Set(findings.flatMap(({ code, severity }) => (severity === 'info' ? [] : [code])))].sort();
}

/** Codes that a mistake in a golden scenario adds to those of the scenario. */
function foundBy(golden: Golden, by: Extract<NamedBy, { golden: string }>): string[] {
  const before = foundIn(golden);
  return foundIn(changed(golden, by)).filter((code) => !before.includes(code));
}

const goldenOf = ({ golden: name }: Extract<NamedBy, { golden: string }>): Golden => {
  const golden = GOLDENS.get(name);
  if (golden === undefined) throw new Error(`there is no golden ${name}`);
  return golden;
};

/** Whether a rule finds something in its wrong example where nothing but the objects is known. */
function isFoundWithoutFleet(code: string): boolean {
  const name = `${fileOf(code)}`.replace(/\.ts$/, '');
  const [rule] = Object.values<Rule>(require(`../../lib/verify/rules/${name}`));
  return findings(rule, { ...example(name, 'wrong'), facts: FACTS }).length > 0;
}

/** Who says it, as the page tells. */
function named(by: NamedBy): { readonly who: 'verify' | 'fleet' | 'trace' | 'nobody'; readonly text: string } {
  const link = (code: string) => `[${code}](errors.md#${code.toLowerCase()})`;
  const trace =
    'the call ends otherwise: `multimesh explain` says where and why, `multimesh test` that it is not as expected';
  if ('rule' in by) {
    const needsFleet = !isFoundWithoutFleet(by.rule);
    return {
      who: needsFleet ? 'fleet' : 'verify',
      text: `${link(by.rule)}${needsFleet ? ', beside a `fleet.json`' : ''}`,
    };
  }
  if ('refused' in by)
    return {
      who: /^MESH/.test(by.byHand) ? 'verify' : 'trace',
      text: `a program: ${link(by.refused)}; YAML: ${by.byHand}`,
    };
  if ('admission' in by) {
    const [{ severity }] = ADMISSIONS[by.platform ?? 'istio'].judge(parse(by.admission));
    return { who: 'verify', text: link(severity === 'error' ? 'MESH4010' : 'MESH4011') };
  }
  if ('undecidable' in by) return { who: 'nobody', text: `nobody offline: ${by.undecidable}` };
  const codes = foundBy(goldenOf(by), by);
  return codes.length > 0 ? { who: 'verify', text: codes.map(link).join(', ') } : { who: 'trace', text: trace };
}

/** The table of docs/mistakes.md; `UPDATE=1 npx jest test/verify/mistakes` writes it. */
function table(): string {
  const told = PARTS.map(([title, all]) => [title, all.map(([what, by]) => ({ what, ...named(by) }))] as const);
  const all = told.flatMap(([, rows]) => rows);
  const count = (who: string) => all.filter((row) => row.who === who).length;
  return [
    `Of ${all.length} mistakes \`multimesh verify\` names ${count('verify')} in YAML of anybody, and ${count('fleet')} where a \`fleet.json\` says what is meant; of ${count('trace')} the trace of a call says it, and ${count('nobody')} nobody can see offline.`,
    ...told.map(([title, rows]) =>
      [
        `## ${title}`,
        '',
        '| Mistake | Who says it |',
        '|---|---|',
        ...rows.map(({ what, text }) => `| ${what} | ${text} |`),
      ].join('\n'),
    ),
  ].join('\n\n');
}

test('the page tells who says it', () => {
  const [head] = readFileSync(PAGE, 'utf8').split(/^Of \d+ mistakes/m);
  const page = `${head}${table()}\n`;
  if (process.env.UPDATE) writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});

test.each([...GOLDENS.keys()])('nobody says anything of %s as it is', (name) => {
  const { facts, resources } = GOLDENS.get(name) as Golden;
  const { findings } = judge({ clusters: Object.keys(facts.meshes), resources, facts, assumptions: [], leftAlone: [] });
  // warnings of kubectl about EnvoyFilters and the like
  expect(findings.filter(({ code }) => code !== 'MESH4011')).toEqual([]);
});

test('no mistake is told twice', () => {
  expect(new Set(MISTAKES.map(([what]) => what)).size).toBe(MISTAKES.length);
});

test.each(MISTAKES)('%s', (_, by) => {
  if ('rule' in by) {
    const file = fileOf(by.rule);
    expect([by.rule, file]).toEqual([by.rule, expect.any(String)]);
    expect(existsSync(join(__dirname, 'rules', `${file}`.replace(/\.ts$/, ''), 'wrong'))).toBe(true);
  } else if ('refused' in by) {
    expect(Object.keys(CODES)).toContain(by.refused);
  } else if ('admission' in by) {
    expect(ADMISSIONS[by.platform ?? 'istio'].judge(parse(by.admission))).not.toEqual([]);
  } else if ('golden' in by) {
    const golden = goldenOf(by);
    expect(otherwise(golden)).toEqual([]);
    expect(otherwise(changed(golden, by))).not.toEqual([]);
  } else {
    expect(by.undecidable).toMatch(/^[a-z].{20}/);
  }
});
