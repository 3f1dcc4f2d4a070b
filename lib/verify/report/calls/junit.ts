import type { SourceLines } from '../source-line';
import { explain } from '../trace/text';
import { type Element, xml } from '../xml';
import { type CallsReport, failedOf, nameOf } from './report';

/** Results of calls as JUnit XML: a test case per call. */
export function callsJunit(report: CallsReport, lines: SourceLines): string {
  const { results, file } = report;
  const cases = results.map(({ call, trace, failure }, index): Element => {
    const name = `${index + 1} ${nameOf(call)}${call.why === undefined ? '' : `: ${call.why}`}`;
    const children =
      failure === undefined
        ? []
        : [{ name: 'failure', attributes: { message: failure, type: 'error' }, children: [explain(trace, { lines })] }];
    return { name: 'testcase', attributes: { classname: 'multimesh.test', name, time: 0 }, children };
  });
  const counts = { tests: results.length, failures: failedOf(report).length, errors: 0 };
  const suite = { name: 'testsuite', attributes: { name: file, ...counts, skipped: 0, time: 0 }, children: cases };
  return xml({ name: 'testsuites', attributes: counts, children: [suite] });
}
