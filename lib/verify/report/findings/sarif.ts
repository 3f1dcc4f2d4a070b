import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../../facts/finding';
import type { AcceptedBy, LocatedFinding } from '../../located';
import type { Trace } from '../../trace';
import type { Ref } from '../../world/resource';
import type { Region, SourceLines } from '../source-line';
import { findingCodes } from '../titles';
import { labelOf, whatItDoes } from '../trace/hop';
import { type FindingsReport, fixOf } from './report';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * Findings as SARIF 2.1.0, which code hosts show beside the lines of a change: the region is that of the field, the hops of
 * a call are a code flow, and what is accepted is there as suppressed. There is always a list of results.
 *
 * @param version of this package.
 */
export function findingsSarif(report: FindingsReport, lines: SourceLines, version: string): object {
  const codes = [...findingCodes()];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'multimesh',
            version,
            rules: codes.map(([id, { title, why, fix }]) => ({
              id,
              shortDescription: { text: title },
              fullDescription: { text: why },
              help: { text: fix },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: report.findings.map((finding) => result(finding, report, lines, codes)),
      },
    ],
  };
}

function result(
  finding: LocatedFinding,
  { file }: FindingsReport,
  lines: SourceLines,
  codes: readonly (readonly [string, unknown])[],
): object {
  const { code, severity, message, objects, refs, atRuntime, accepted, trace } = finding;
  const ruleIndex = codes.findIndex(([id]) => id === code);
  const locations = refs.filter(({ source }) => source !== undefined).map((ref) => location(ref, lines));
  return {
    ruleId: code,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: LEVEL[severity],
    message: { text: `${message}\n\nAt run time: ${atRuntime}\nFix: ${fixOf(finding)}` },
    // code hosts drop what is nowhere
    locations: locations.length > 0 ? locations : [nowhere(objects, file)],
    partialFingerprints: { 'multimesh/v1': fingerprint(code, objects, refs[0]?.field ?? '') },
    ...(trace ? { codeFlows: [codeFlow(trace, lines)] } : {}),
    ...(accepted ? { suppressions: [suppression(accepted)] } : {}),
  };
}

function location(ref: Ref, lines: SourceLines, message?: string): object {
  const region = lines.regionOf(ref);
  return {
    ...(ref.source && region ? { physicalLocation: physical(ref.source.file, region) } : {}),
    logicalLocations: [logical([ref.object, ref.field])],
    ...(message === undefined ? {} : { message: { text: message } }),
  };
}

/** What is about no file: the file that says what the clusters are stands for it. */
const nowhere = (objects: readonly string[], file: string): object => ({
  physicalLocation: physical(file, { line: 1 }),
  logicalLocations: [logical([objects.join(', ')])],
});

const physical = (file: string, { line, column, endColumn }: Region): object => ({
  artifactLocation: { uri: uriOf(file.replaceAll('\\', '/')) },
  region: { startLine: line, ...(column === undefined ? {} : { startColumn: column, endColumn }) },
});

const logical = (parts: readonly string[]): object => ({
  kind: 'object',
  fullyQualifiedName: parts.filter((part) => part !== '').join(' '),
});

/** Relative to where the command ran, which is the root of the repository in a pipeline. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}

/** Equal for the same problem in another version of the file. */
function fingerprint(code: string, objects: readonly string[], field: string): string {
  return createHash('sha256')
    .update([code, ...objects, field].join('\n'))
    .digest('hex')
    .slice(0, 32);
}

/** The hops of the call that shows it. */
function codeFlow({ ways: [way] }: Trace, lines: SourceLines): object {
  const steps = way.hops.map((hop) => {
    const [ref] = hop.refs.slice(-1);
    return { location: location(ref ?? { object: hop.at, field: '' }, lines, `${labelOf(hop)}: ${whatItDoes(hop)}`) };
  });
  return { threadFlows: [{ locations: steps }] };
}

const suppression = ({ by, reason }: AcceptedBy): object => ({
  kind: by === 'annotation' ? 'inSource' : 'external',
  justification: reason,
});
