import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, JsonPatch } from 'cdk8s';
import type { Fleet } from '../../lib';
import { sha256 } from '../../lib/facts/sha256';
import { Testing } from '../../lib/testing/testing';
import { verifyFleet } from '../../lib/verify/fleet-verdict';
import type { VerifyInput } from '../../lib/verify/input';
import { Settled } from '../../lib/verify/settled';
import { Tracer } from '../../lib/verify/trace';
import { filesOf, messageOf, temporaryFolder } from '../support/model';
import { ring } from '../support/ring';

const JUDGED = '.fleet-judged';

let outdir: string;
let printed: string[];

beforeEach(() => {
  outdir = temporaryFolder();
});

/** Synthesizes a ring; how many calls were traced for it. */
function traced(clusters: number, change: (fleet: Fleet) => void = () => {}): number {
  printed = [];
  const fleet = ring(clusters, 1, Testing.fleet({ outdir, print: (text) => printed.push(text) }));
  change(fleet);
  const calls = jest.spyOn(Tracer.prototype, 'traceOnce');
  try {
    fleet.synth();
    return calls.mock.calls.length;
  } finally {
    calls.mockRestore();
  }
}

/** Changes the host of the Gateway in one cluster, so that calls to it fail. */
const withOtherHost =
  (cluster: number) =>
  (fleet: Fleet): void => {
    const objects = fleet.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
    const gateway = objects.find(
      ({ kind, chart }) => kind === 'Gateway' && chart.node.path.startsWith(`cluster-${cluster}/`),
    );
    gateway?.addJsonPatch(JsonPatch.replace('/spec/servers/0/hosts/0', 'other.example'));
  };

/** As the file says of itself that nobody touched it. */
const sealed = (text: string): string => `${sha256(text)}\n${text}`;

const edit = (change: (text: string) => string): void => {
  const before = readFileSync(join(outdir, JUDGED), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(join(outdir, JUDGED), after);
};

/** Adds a label that changes no call. */
const withLabel =
  (cluster: number) =>
  (fleet: Fleet): void => {
    const objects = fleet.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
    objects.find(({ chart }) => chart.node.path.startsWith(`cluster-${cluster}/`))?.metadata.addLabel('a', 'b');
  };

test('what was judged once is not judged again, and is told all the same', () => {
  expect(traced(30)).toBe(90);
  const [first, files] = [printed, filesOf(outdir)];
  expect(traced(30)).toBe(0);
  expect(printed.at(-1)).toContain('90 calls traced: as stated');
  expect(printed.slice(0, -1)).toEqual(first.slice(0, -1));
  expect(filesOf(outdir)).toEqual(files);
});

test('of one change those clusters are judged that its calls may meet', () => {
  traced(60);
  const again = traced(60, withLabel(40));
  expect(again).toBeGreaterThan(0);
  expect(again).toBeLessThan(120);
});

test('a change that breaks a call is found, and found again', () => {
  traced(30);
  const files = filesOf(outdir);
  for (const _ of [1, 2]) {
    expect(messageOf(() => traced(30, withOtherHost(7)))).toContain('MESH3100');
    expect(filesOf(outdir)).toEqual(files);
  }
});

test('it hides nothing of files that somebody touched: they are repaired, and what is left over goes', () => {
  traced(30);
  const files = filesOf(outdir);
  const [changed, gone] = Object.keys(files).filter((path) => path.startsWith('cluster-3/') && path.endsWith('.yaml'));
  writeFileSync(join(outdir, changed), 'kind: Other\n');
  if (gone) rmSync(join(outdir, gone));
  expect(traced(30)).toBe(0);
  expect(filesOf(outdir)).toEqual(files);
});

test.each([
  ['another judge wrote it', () => writeFileSync(join(outdir, JUDGED), sealed(`${'0'.repeat(64)} []\n`))],
  ['somebody took findings out', () => edit((text) => text.replaceAll(/\[\{.*\]$/gm, '[]'))],
  ['the first line is gone', () => edit((text) => text.slice(65))],
  ['a line is cut', () => edit((text) => text.replaceAll(']\n', '\n'))],
  ['it is unreadable', () => writeFileSync(join(outdir, JUDGED), '\0\n\u2028{')],
  ['it is missing, as in CI', () => rmSync(join(outdir, JUDGED))],
])('all is judged where %s', (_, spoil) => {
  traced(30);
  const remembered = readFileSync(join(outdir, JUDGED), 'utf8');
  spoil();
  expect(traced(30)).toBe(90);
  expect(readFileSync(join(outdir, JUDGED), 'utf8')).toBe(remembered);
});

test('a small fleet is judged each time, and a dry run remembers nothing', () => {
  expect([traced(3), traced(3)]).toEqual([9, 9]);
  expect(existsSync(join(outdir, JUDGED))).toBe(false);
  const other = ring(30, 1, Testing.fleet({ outdir: temporaryFolder(), print: () => {} }));
  expect(messageOf(() => other.synth({ dryRun: true }))).toContain('MESH2016');
  expect(existsSync(join(other.outdir, JUDGED))).toBe(false);
});

describe('a fleet that is settled as a whole', () => {
  const fleet = ring(4, 1, Testing.fleet());
  const input: VerifyInput = { manifests: fleet.manifests(), facts: fleet.facts(), included: [] };
  const settled = new Settled('judge');
  const verdict = verifyFleet(input, settled);
  const before = new Map(settled.entries);
  const [{ manifest, ...place }, ...others] = input.manifests;
  const [mesh, ...meshes] = input.facts.meshes;

  test('is not judged again, and what was found of it is what was found', () => {
    const again = new Settled('judge', before);
    expect(verifyFleet(structuredClone(input), again)).toEqual(verdict);
    expect(again.entries).toHaveLength(1);
    expect(verdict).toEqual(verifyFleet(input));
  });

  test.each<[string, Partial<VerifyInput>]>([
    ['an object', { manifests: [{ ...place, manifest: { ...manifest, spec: {} } }, ...others] }],
    ['the cluster of an object', { manifests: [{ ...place, manifest, cluster: 'cluster-2' }, ...others] }],
    ['the file of an object', { manifests: [{ ...place, manifest, file: 'cluster-0/other.k8s.yaml' }, ...others] }],
    ['the construct of an object', { manifests: [{ ...place, manifest, path: 'other' }, ...others] }],
    ['a missing object', { manifests: others }],
    ['the order of objects', { manifests: [...others, { ...place, manifest }] }],
    ['a fact', { facts: { ...input.facts, meshes: [{ ...mesh, trustDomain: 'other.example' }, ...meshes] } }],
    ['a hand-written object', { included: [{ cluster: 'cluster-0', file: 'a.yaml', manifest }] }],
  ])('is judged where %s differs', (_, change) => {
    const different = { ...input, ...change };
    const again = new Settled('judge', before);
    expect(verifyFleet(different, again)).toEqual(verifyFleet(different));
    expect(again.entries.length).toBeGreaterThan(1);
  });

  test('is judged by another judge', () => {
    const again = new Settled('another', before);
    expect(verifyFleet(input, again)).toEqual(verdict);
    expect(again.entries.length).toBeGreaterThan(1);
  });
});

test('what is remembered of parts outlives synths without a change', () => {
  traced(60);
  const remembered = readFileSync(join(outdir, JUDGED), 'utf8');
  expect([traced(60), traced(60)]).toEqual([0, 0]);
  expect(readFileSync(join(outdir, JUDGED), 'utf8')).toBe(remembered);
  expect(traced(60, withLabel(40))).toBeLessThan(120);
});
