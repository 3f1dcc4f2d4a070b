import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import type { LocatedFinding } from '../../../../lib/verify/located';
import { findingsDocument } from '../../../../lib/verify/report/findings/json';
import { findingsJunit } from '../../../../lib/verify/report/findings/junit';
import { findingsMarkdown } from '../../../../lib/verify/report/findings/markdown';
import type { FindingsReport } from '../../../../lib/verify/report/findings/report';
import { findingsSarif } from '../../../../lib/verify/report/findings/sarif';
import { SourceLines } from '../../../../lib/verify/report/source-line';
import { traceDocument } from '../../../../lib/verify/report/trace/json';
import { Tracer } from '../../../../lib/verify/trace';
import { World } from '../../../../lib/verify/world/world';
import findingsSchema from '../../../../schema/findings.schema.json';
import traceSchema from '../../../../schema/trace.schema.json';
import { goldens } from '../../../../tools/oracle/golden';

const TEXT = '# head\nkind: Gateway\nspec:\n  servers:\n  - tls: {}\n';
const lines = new SourceLines((file) => (file === 'dist/c1/a b.yaml' ? TEXT : readFileSync(file, 'utf8')));
const [golden] = goldens();
const trace = new Tracer(new World(golden.facts, golden.resources)).trace({
  from: golden.calls[0].from,
  url: golden.calls[0].url,
});

const finding: LocatedFinding = {
  code: 'MESH3004',
  severity: 'error',
  objects: ['Gateway a/b @c1'],
  message: 'a <"message"> | with \u0007 & `ticks`',
  atRuntime: 'calls fail',
  fix: 'repair it',
  refs: [{ object: 'Gateway a/b @c1', field: 'spec.servers[0].tls', source: { file: 'dist/c1/a b.yaml', line: 2 } }],
};
const report: FindingsReport = {
  clusters: ['c1'],
  objects: 2,
  findings: [
    { ...finding, trace },
    { ...finding, code: 'OWN1', severity: 'warning', refs: [], objects: ['peering premium'] },
    { ...finding, severity: 'info', accepted: { by: 'annotation', reason: 'meant' } },
    { ...finding, severity: 'warning', accepted: { by: 'program', reason: 'meant' } },
  ],
  assumptions: ['x is there'],
  unmodelled: [{ object: 'EnvoyFilter a/b @c1', field: 'spec', note: 'lua' }],
  file: 'dist/fleet.json',
};
const empty: FindingsReport = { ...report, findings: [], assumptions: [], unmodelled: [] };

/** Errors of a document by its schema. */
function misfits(schema: object, document: unknown): unknown {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const validate = (schema === traceSchema ? ajv : ajv.addSchema(traceSchema)).compile(schema);
  return validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors;
}

test('JSON is as its schema says', () => {
  expect(misfits(findingsSchema, findingsDocument(report, lines))).toEqual([]);
  expect(misfits(findingsSchema, findingsDocument(empty, lines))).toEqual([]);
  expect(misfits(findingsSchema, { ...findingsDocument(empty, lines), more: 1 })).not.toEqual([]);
});

test.each(goldens().map((one): [string, typeof one] => [one.name, one]))(
  'traces of %s are as their schema says',
  (_, one) => {
    const tracer = new Tracer(new World(one.facts, one.resources));
    const documents = one.calls.map(({ from, url, method, as }) =>
      traceDocument(tracer.trace({ from, url, ...(method ? { method } : {}), ...(as ? { as } : {}) }), lines),
    );
    expect(
      misfits({ type: 'array', items: { ...traceSchema, $id: 'trace' }, $defs: traceSchema.$defs }, documents),
    ).toEqual([]);
  },
);

describe('SARIF', () => {
  // the schema of OASIS is of draft 4, of which it uses nothing that draft 7 has not
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    schema,
  );
  const check = (document: unknown) => (validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors);

  test('is as the schema of version 2.1.0 says, and always has results', () => {
    expect(check(findingsSarif(report, lines, '1.0.0'))).toEqual([]);
    expect(check(findingsSarif(empty, lines, '1.0.0'))).toEqual([]);
    expect(check({ version: '2.1.0', runs: [{}] })).not.toEqual([]);
    expect(findingsSarif(empty, lines, '1.0.0')).toMatchObject({ runs: [{ results: [] }] });
  });

  test('points at the line of the field, and shows the hops of the call', () => {
    const { runs } = findingsSarif(report, lines, '1.0.0') as { runs: { results: Record<string, unknown>[] }[] };
    const [first, second, third, fourth] = runs[0].results;
    expect(first).toMatchObject({
      ruleId: 'MESH3004',
      level: 'error',
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'dist/c1/a%20b.yaml' }, region: { startLine: 5 } },
          logicalLocations: [{ kind: 'object', fullyQualifiedName: 'Gateway a/b @c1 spec.servers[0].tls' }],
        },
      ],
    });
    expect((first.codeFlows as { threadFlows: { locations: unknown[] }[] }[])[0].threadFlows[0].locations).toHaveLength(
      trace.ways[0].hops.length,
    );
    // what is about no file is where the clusters are told
    expect(second).toMatchObject({
      ruleId: 'OWN1',
      level: 'warning',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'dist/fleet.json' } } }],
    });
    expect(third).toMatchObject({ level: 'note', suppressions: [{ kind: 'inSource', justification: 'meant' }] });
    expect(fourth).toMatchObject({ suppressions: [{ kind: 'external', justification: 'meant' }] });
    // equal for the same problem, whatever its words; another for another object
    expect(first.partialFingerprints).toEqual(third.partialFingerprints);
    expect(first.partialFingerprints).not.toEqual(second.partialFingerprints);
  });
});

test('JUnit has a case per code, and escapes what is said', () => {
  const text = findingsJunit(report, lines);
  expect(text).toContain('failures="1" errors="0"');
  expect(text).toContain('<failure message="a &lt;&quot;message&quot;&gt; | with  &amp; `ticks`" type="error">');
  expect(text).toContain('Gateway a/b @c1 spec.servers[0].tls (dist/c1/a b.yaml:5)');
  expect(text).toMatch(/<testcase classname="multimesh.verify" name="OWN1" time="0">\n +<system-out>warning: a/);
  expect(findingsJunit(empty, lines)).toContain('failures="0"');
});

test('Markdown keeps to its cells, begins with the mark by which a comment is found, and ends after fifty rows', () => {
  const text = findingsMarkdown(report, lines);
  expect(text).toMatch(/^<!-- multimesh verify -->\n### ❌ multimesh verify: 1 error, 1 warning, 2 accepted\n/);
  expect(text).toContain(
    '| error MESH3004 | a \\<"message"\\> \\| with \u0007 & \\`ticks\\` | `dist/c1/a b.yaml:5 spec.servers[0].tls` | repair it |',
  );
  const many = { ...report, findings: Array.from({ length: 60 }, () => finding) };
  expect(findingsMarkdown(many, lines).match(/^\| error/gm)).toHaveLength(50);
  expect(findingsMarkdown(many, lines)).toContain('\n10 more are not shown.\n');
});

test('every format is the same each time', () => {
  for (const make of [findingsDocument, findingsJunit, findingsMarkdown]) {
    expect(make(report, lines)).toEqual(make(report, lines));
  }
});
