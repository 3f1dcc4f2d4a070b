import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Severity } from '../../../facts/finding';
import type { AcceptedBy, LocatedFinding } from '../../located';
import type { Trace } from '../../trace';
import { type Place, placeOf } from '../place';
import type { SourceLines } from '../source-line';
import { findingCodes } from '../titles';
import { labelOf, whatItDoes } from '../trace/hop';
import type { FindingsReport } from './report';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/**
 * Findings as SARIF 2.1.0, which code hosts show beside the lines of a change: the line is that of the field, the hops of
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
  const { code, severity, message, objects, refs, atRuntime, fix, accepted, trace } = finding;
  const places = refs.map((ref) => placeOf(ref, lines));
  const ruleIndex = codes.findIndex(([id]) => id === code);
  const locations = places.filter((place) => place.file !== undefined).map((place) => location(place));
  return {
    ruleId: code,
    ...(ruleIndex < 0 ? {} : { ruleIndex }),
    level: LEVEL[severity],
    message: { text: `${message}\n\nAt run time: ${atRuntime}\nFix: ${fix}` },
    // code hosts drop what is nowhere
    locations: locations.length > 0 ? locations : [location({ object: objects.join(', '), field: '', file, line: 1 })],
    partialFingerprints: { 'multimesh/v1': fingerprint(code, objects, refs[0]?.field ?? '') },
    ...(trace ? { codeFlows: [codeFlow(trace, lines)] } : {}),
    ...(accepted ? { suppressions: [suppression(accepted)] } : {}),
  };
}

function location({ object, field, file, line }: Place, message?: string): object {
  return {
    ...(file === undefined
      ? {}
      : { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line } } }),
    logicalLocations: [{ kind: 'object', fullyQualifiedName: [object, field].filter((part) => part !== '').join(' ') }],
    ...(message === undefined ? {} : { message: { text: message } }),
  };
}

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
    const place = ref ? placeOf(ref, lines) : { object: hop.at, field: '' };
    return { location: location(place, `${labelOf(hop)}: ${whatItDoes(hop)}`) };
  });
  return { threadFlows: [{ locations: steps }] };
}

const suppression = ({ by, reason }: AcceptedBy): object => ({
  kind: by === 'annotation' ? 'inSource' : 'external',
  justification: reason,
});
