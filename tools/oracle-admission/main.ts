/**
 * Compares `Admission` with Istio's and Kubernetes' own code.
 *
 *     npm run oracle:admission -- [--count <n>] [--seed <n>] [--istio] [<folder of YAML>...]
 *     npm run oracle:admission -- --fixture    # writes test/verify/admission/fixture.jsonl and the types of Envoy
 *
 * Judged are the objects of the folders, random changes to them and random objects (--count, 10,000 unless told), and with
 * --istio the objects that Istio's own tests and test data have. Exits 1 if a verdict differs, and shows the first ones.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Admission } from '../../lib/verify/admission/admission';
import { disagreements, disagreementText, outcomeOf } from './compare';
import { documentsIn, randomDocuments, sent } from './documents';
import { fixtureText } from './fixture';
import { moduleFolder } from './go';
import { type Document, Oracle, type Verdict } from './oracle';
import { recordedDocuments } from './recorded';

const ROOT = join(__dirname, '..', '..');
const FIXTURE = join(ROOT, 'test', 'verify', 'admission', 'fixture.jsonl');
const TYPES = join(ROOT, 'lib', 'verify', 'admission', 'webhook', 'envoy-filter', 'types.json');
const SHOWN = 20;
/** Enough random objects for a fixture that has most of what Istio says. */
const FIXTURE_COUNT = 60_000;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      istio: { type: 'boolean', default: false },
      fixture: { type: 'boolean', default: false },
    },
  });
  const oracle = new Oracle();
  const ours = documentsIn([join(ROOT, 'dist'), ...positionals]);
  if (values.fixture) {
    const documents = [...ours, ...randomDocuments(FIXTURE_COUNT, Number(values.seed), ours)].map(sent);
    writeFileSync(FIXTURE, fixtureText(documents, oracle.judge(documents)));
    writeFileSync(TYPES, oracle.types());
    return 0;
  }
  const theirs: readonly (readonly [string, readonly Document[]])[] = values.istio
    ? [
        ["Istio's YAML files", documentsIn([moduleFolder('istio.io/istio')])],
        ["Istio's tests", recordedDocuments()],
      ]
    : [];
  const given = [...ours, ...theirs.flatMap(([, documents]) => documents)];
  const random = randomDocuments(Number(values.count), Number(values.seed), given);
  const sets = [['given', ours] as const, ...theirs, [`random, seed ${values.seed}`, random] as const];
  return sets.map(([name, documents]) => compared(oracle, name, documents.map(sent))).some((count) => count > 0)
    ? 1
    : 0;
}

/** Prints figures and the first differences, and returns how many there are. */
function compared(oracle: Oracle, name: string, documents: readonly Document[]): number {
  const verdicts: Verdict[] = documents.length === 0 ? [] : oracle.judge(documents);
  const found = disagreements(new Admission(['istio-1.31']), documents, verdicts);
  const outcomes = verdicts.map(outcomeOf);
  const by = (who: string): number => outcomes.filter(({ refusedBy }) => refusedBy === who).length;
  const warned = outcomes.filter(({ warnings }) => warnings > 0).length;
  console.log(
    `${name}: ${documents.length - found.length} of ${documents.length} agree ` +
      `(refused by the API server ${by('api server')}, by the webhook ${by('webhook')}; admitted with warnings ${warned})`,
  );
  for (const disagreement of found.slice(0, SHOWN)) console.log(disagreementText(disagreement));
  return found.length;
}

process.exitCode = main();
