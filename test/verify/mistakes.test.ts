import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CODES, Istio, Ossm } from '../../lib';
import { Admission } from '../../lib/verify/admission/admission';
import { runCalls } from '../../lib/verify/calls/results';
import type { Rule } from '../../lib/verify/rule';
import { describe as nameOf, type Resource, resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import { type Golden, goldens } from '../../tools/oracle/golden';
import { MESHES } from './mistakes/meshes';
import type { Mistake, NamedBy } from './mistakes/mistake';
import { POLICIES } from './mistakes/policies';
import { ROUTES } from './mistakes/routes';
import { TLS } from './mistakes/tls';

// What people do wrong between meshes, and who names it before anything is applied.

const MISTAKES: readonly Mistake[] = [...TLS, ...ROUTES, ...POLICIES, ...MESHES];
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
    const golden = GOLDENS.get(by.golden);
    if (golden === undefined) throw new Error(`there is no golden ${by.golden}`);
    expect(otherwise(golden)).toEqual([]);
    expect(otherwise(changed(golden, by))).not.toEqual([]);
  } else {
    expect(by.undecidable).toMatch(/^[a-z].{20}/);
  }
});
