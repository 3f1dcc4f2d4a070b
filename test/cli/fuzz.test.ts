import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { run } from '../../lib/cli/run';

// Whatever a folder holds, the command line ends with one of its exit codes: it never throws. `RUNS=5000` for more.

const ROOT = join(__dirname, '..', '..');
const RUNS = Number(process.env.RUNS ?? 10);

/** Folders with a cluster each in their folders, and a call in each. */
const SOURCES = [
  {
    folder: 'dist/external-services/sidecar-mutual',
    caller: 'agency/prod-travel-agency/travels',
    url: 'http://insurances:8000/insurances/Rome',
  },
  { folder: 'dist/private-gateways/tcp-envoyfilter', caller: 'c1/default/sleep', url: 'tcp://echo:9000' },
  { folder: 'dist/shared-root/istio', caller: 'c1/foo/sleep', url: 'http://helloworld.sample:5000/hello' },
  {
    folder: 'testbed/golden/03-sidecar-mutual-tls',
    caller: 'c1/prod-travel-agency/travels',
    url: 'http://insurances:8000/insurances/Rome',
  },
  {
    folder: 'testbed/golden/08-private-gateways-http-envoyfilter',
    caller: 'c1/default/sleep',
    url: 'http://ratings:9080/ratings/0',
  },
];

const sources = SOURCES.map((source) => {
  const files = readdirSync(join(ROOT, source.folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ya?ml|json)$/.test(file) && file.includes('/') && !/^(values|contracts)\//.test(file))
    .sort();
  const texts = files.map((file) => readFileSync(join(ROOT, source.folder, file), 'utf8'));
  return { ...source, files, texts };
});

const value = fc.oneof(
  fc.constantFrom<unknown>(null, '', 'x', '*', '.', '~', 0, -1, 70000, 1.5, true, [], {}, [null], { '': null }, [[]]),
  fc.json().map((text): unknown => JSON.parse(text)),
);

/** A change of the text: a part of it is replaced. */
const cut = fc.record({ at: fc.nat(), length: fc.nat(40), by: fc.oneof(fc.string(), fc.string({ unit: 'binary' })) });
/** A change of what the text says: the n-th value becomes another one, or is gone. */
const swap = fc.record({ at: fc.nat(), by: fc.option(value, { nil: undefined }) });

function cutText(text: string, { at, length, by }: { at: number; length: number; by: string }): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + by + text.slice(start + length);
}

function swapValue(text: string, { at, by }: { at: number; by?: unknown }): string {
  const documents = parseAllDocuments(text).map((document) => document.toJS() as unknown);
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const walk = (holder: unknown) => {
    if (typeof holder !== 'object' || holder === null) return;
    for (const key of Object.keys(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key });
      walk((holder as Record<string, unknown>)[key]);
    }
  };
  walk(documents);
  const { holder, key } = places[at % places.length];
  if (by === undefined) delete holder[key];
  else holder[key] = by;
  return documents.map((document) => stringify(document ?? null)).join('---\n');
}

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const ends = (...argv: string[]): void => {
  let printed = '';
  const io = { out: (text: string) => (printed += text), err: (text: string) => (printed += text), hasColour: false };
  expect([0, 1, 2, 3]).toContain(run(argv, io));
  // the last resort is for what nobody thought of: here it is a failure
  expect(printed).not.toContain('MESH4009');
  expect(printed).not.toBe('');
};

test.each(sources.map((source): [string, typeof source] => [source.folder, source]))('%s', (_, source) => {
  const target = join(folder, 'm');
  cpSync(join(ROOT, source.folder), target, { recursive: true });
  const calls = join(folder, 'calls.json');
  writeFileSync(calls, JSON.stringify([{ from: source.caller, url: source.url, expect: { code: 200 } }]));
  const change = fc.oneof(
    { weight: 1, arbitrary: cut.map((one) => (text: string) => cutText(text, one)) },
    { weight: 4, arbitrary: swap.map((one) => (text: string) => swapValue(text, one)) },
  );
  fc.assert(
    fc.property(fc.nat(), change, (index, make) => {
      const at = index % source.files.length;
      const file = join(target, source.files[at]);
      writeFileSync(file, make(source.texts[at]));
      ends('verify', target, '--format', 'sarif');
      ends('explain', source.caller, source.url, '--dir', target, '--all-blockers');
      ends('exposures', target, '--from', 'outside', '--format', 'json');
      ends('diff', join(ROOT, source.folder), target, '--format', 'markdown');
      ends('test', calls, '--dir', target, '--coverage', '--format', 'junit');
      ends('graph', target, '--from', 'outside');
      writeFileSync(file, source.texts[at]);
    }),
    { numRuns: RUNS },
  );
});
