import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kinds as allKinds, bundles } from '../../../imports/schema';
import * as library from '../../../lib';
import type { Finding } from '../../../lib/facts/finding';
import { describeManifest } from '../../../lib/facts/manifest';
import { fleetFindings } from '../../../lib/verify/fleet-rules';
import type { VerifyInput } from '../../../lib/verify/input';
import { findings, findingsOf, type Rule } from '../../../lib/verify/rule';
import { RULES } from '../../../lib/verify/rules';
import { ClusterObjects, Settled } from '../../../lib/verify/settled';
import { resource } from '../../../lib/verify/world/resource';
import { example, FACTS } from '../support/examples';

// Every rule has a folder of its file's name here, with what is wrong and what is right, as `dist/` holds it:
// fleet.json, <cluster>/*.yaml, and hand-written YAML in included/<cluster>/*.yaml.

const files = readdirSync(join(__dirname, '../../../lib/verify/rules')).filter((file) => file !== 'index.ts');

/** Objects, meshes and peerings by how findings call them. */
function objectsByName({ manifests, included, facts }: VerifyInput): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...facts.meshes.map((mesh) => [`mesh ${mesh.cluster}/${mesh.name}`, mesh] as const),
    ...facts.peerings.map((peering) => [`peering ${peering.path}`, peering] as const),
    ...[...manifests, ...included].map(
      ({ cluster, manifest }) => [describeManifest(manifest, cluster), manifest] as const,
    ),
  ]);
}

/** Whether an object has a field, or what the field would be in. */
function isThere(object: unknown, field: string): boolean {
  const keys = [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, inBrackets, key]) => inBrackets ?? key);
  const last = keys.pop() ?? '';
  const parent = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
  const isIndex = /^\d+$/.test(last);
  return typeof parent === 'object' && parent !== null && (!isIndex || last in parent);
}

/** The same input without objects of some kinds. */
function without(input: VerifyInput, isGone: (kind: string) => boolean): VerifyInput {
  return {
    ...input,
    manifests: input.manifests.filter(({ manifest }) => !isGone(manifest.kind)),
    included: input.included.filter(({ manifest }) => !isGone(manifest.kind)),
  };
}

test('every file holds one rule, and every rule is one of RULES', () => {
  const inFiles = files.flatMap((file) => Object.values<Rule>(require(`../../../lib/verify/rules/${file}`)));
  expect(inFiles).toHaveLength(files.length);
  expect(new Set(RULES)).toEqual(new Set(inFiles));
});

test('codes are unique, and none is that of an error', () => {
  const codes = RULES.map(({ code }) => code);
  expect(new Set([...codes, ...Object.keys(library.CODES)]).size).toBe(
    codes.length + Object.keys(library.CODES).length,
  );
  for (const code of codes) expect(code).toMatch(/^MESH3\d{3}$/);
});

test('every rule is said in the words of users: lower case, without a full stop', () => {
  for (const { code, title, why, fix } of RULES) {
    for (const text of [title, why, fix]) expect([code, text]).toEqual([code, text.trim().replace(/\.$/, '')]);
    expect([code, title]).toEqual([code, expect.stringMatching(/^[a-z]/)]);
  }
});

describe('what helps', () => {
  const kinds = new Set(bundles().flatMap((bundle) => allKinds(bundle).map(({ kind }) => kind)));
  const ofLibrary = Object.keys(library).filter(
    (name) => /^[A-Z][a-z]/.test(name) && name !== 'Mesh' && !kinds.has(name),
  );
  const word = new RegExp(
    `\\b(${ofLibrary.join('|')})\\b|\\w\\(|\\(allow\\)|\\b(addJsonPatch|alsoFrom|clientCertificate|denyByDefault|onlyWayOut)\\b`,
  );
  const examples = files.map((file) => file.replace(/\.ts$/, ''));

  test.each(examples)('is said in the terms of objects, which may be anybody’s: %s', (name) => {
    const [rule] = Object.values<Rule>(require(`../../../lib/verify/rules/${name}`));
    const said = [rule.title, rule.why, rule.fix, ...findings(rule, example(name, 'wrong')).map(({ fix }) => fix)];
    expect(said.filter((text) => word.test(text))).toEqual([]);
  });

  test('the words of the library are known to this test', () => {
    const hints = RULES.flatMap(({ inProgram }) => inProgram ?? []);
    expect(hints.length).toBeGreaterThan(20);
    expect(hints.filter((text) => word.test(text)).length).toBeGreaterThan(15);
  });
});

describe.each(files.map((file) => file.replace(/\.ts$/, '')))('%s', (name) => {
  const [rule] = Object.values<Rule>(require(`../../../lib/verify/rules/${name}`));
  const wrong = example(name, 'wrong');

  test('finds what is wrong, in these words', () => {
    const found = findings(rule, wrong);
    expect(found.length).toBeGreaterThan(0);
    expect(found).toMatchSnapshot();
  });

  test('names fields that are there, or are missing from what is there', () => {
    const objects = objectsByName(wrong);
    for (const { objects: names, fields = [] } of findings(rule, wrong)) {
      // what an object of facts is an item of is the place itself
      if (!names.every((one) => / of /.test(one))) expect([name, fields.length]).not.toEqual([name, 0]);
      for (const { object, field } of fields) {
        expect(names).toContain(object);
        expect([object, field, isThere(objects.get(object), field)]).toEqual([object, field, true]);
      }
    }
  });

  test('leaves alone what is right', () => {
    const right = example(name, 'right');
    expect(right).not.toEqual(wrong);
    expect(findings(rule, right)).toEqual([]);
  });

  test('reads the kinds that it says, and no others', () => {
    const readsAll = rule.reads.includes('*');
    const said = (kind: string) => readsAll || rule.reads.includes(kind);
    // objects of other kinds change nothing
    for (const which of ['wrong', 'right'] as const) {
      const input = example(name, which);
      expect(
        findings(
          rule,
          without(input, (kind) => !said(kind)),
        ),
      ).toEqual(findings(rule, input));
    }
    // the examples hold each kind that it reads, and without it the answer is another one
    for (const kind of rule.reads.filter((one) => one !== '*')) {
      const changed = (['wrong', 'right'] as const).some((which) => {
        const input = example(name, which);
        const less = findings(
          rule,
          without(input, (other) => other === kind),
        );
        return JSON.stringify(less) !== JSON.stringify(findings(rule, input));
      });
      expect([kind, changed]).toEqual([kind, true]);
    }
  });
});

const SILENT = { gateways: [], namespaces: [], platform: 'Istio 1.31', controlPlane: { namespace: 'istio-system' } };

/** Names of clusters, meshes and peerings of an example, apart from those of others. */
function apart(rule: string, { manifests, included, facts }: VerifyInput): VerifyInput {
  const own = (name: string) => `${rule}.${name}`;
  return {
    manifests: manifests.map((one) => ({ ...one, cluster: own(one.cluster) })),
    included: included.map((one) => ({ ...one, cluster: own(one.cluster) })),
    facts: {
      ...facts,
      clusters: facts.clusters.map((one) => ({ ...one, name: own(one.name) })),
      // examples state what their rule reads
      meshes: facts.meshes.map((one) => ({ ...SILENT, ...one, name: own(one.name), cluster: own(one.cluster) })),
      peerings: facts.peerings.map((one) => ({ ...one, consumer: own(one.consumer), provider: own(one.provider) })),
    },
  };
}

test('what rules about one cluster find is the same for each by itself', () => {
  const names = files.map((file) => file.replace(/\.ts$/, ''));
  const all = names.flatMap((name) =>
    (['wrong', 'right'] as const).map((which) => apart(`${name}.${which}`, example(name, which))),
  );
  const input: VerifyInput = {
    manifests: all.flatMap(({ manifests }) => manifests),
    included: all.flatMap(({ included }) => included),
    facts: {
      ...FACTS,
      clusters: all.flatMap(({ facts }) => facts.clusters),
      meshes: all.flatMap(({ facts }) => facts.meshes),
      peerings: all.flatMap(({ facts }) => facts.peerings),
    },
  };
  const objects = [...input.manifests, ...input.included].map(({ cluster, manifest }) => resource(cluster, manifest));
  const settled = new Settled('tests');
  const sorted = (found: readonly Finding[]) => found.map((one) => JSON.stringify(one)).sort();
  const byCluster = sorted(fleetFindings(RULES, input, new ClusterObjects(objects), settled));
  expect(byCluster).toEqual(sorted(findingsOf(RULES, input)));
  expect(byCluster.length).toBeGreaterThan(RULES.length);
  const again = new Settled('tests', new Map(settled.entries));
  expect(sorted(fleetFindings(RULES, input, new ClusterObjects(objects), again))).toEqual(byCluster);
  expect(again.entries).toEqual(settled.entries);
});
