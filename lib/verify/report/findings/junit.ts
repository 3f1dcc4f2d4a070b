import type { LocatedFinding } from '../../located';
import type { SourceLines } from '../source-line';
import { findingCodes } from '../titles';
import { type Element, xml } from '../xml';
import { type FindingsReport, fixOf } from './report';

/** Findings as JUnit XML: a test case per code, which fails where there is an error that nobody accepted. */
export function findingsJunit({ findings }: FindingsReport, lines: SourceLines): string {
  const codes = findingCodes();
  const others = findings.map(({ code }) => code).filter((code) => !codes.has(code));
  const all = [...codes.keys(), ...new Set(others)].sort();
  const cases = all.map((code) => {
    const of = findings.filter((finding) => finding.code === code && !finding.accepted);
    const errors = of.filter(({ severity }) => severity === 'error');
    const told = of.filter(({ severity }) => severity !== 'error');
    const children: Element[] = [
      ...(errors.length > 0 ? [failure(errors, lines)] : []),
      ...(told.length > 0 ? [{ name: 'system-out', children: [told.map((one) => said(one, lines)).join('\n')] }] : []),
    ];
    const title = codes.get(code)?.title;
    return {
      name: 'testcase',
      attributes: { classname: 'multimesh.verify', name: title === undefined ? code : `${code} ${title}`, time: 0 },
      children,
      hasFailed: errors.length > 0,
    };
  });
  const failures = cases.filter(({ hasFailed }) => hasFailed).length;
  const counts = { tests: cases.length, failures, errors: 0 };
  const suite = {
    name: 'testsuite',
    attributes: { name: 'multimesh verify', ...counts, skipped: 0, time: 0 },
    children: cases,
  };
  return xml({ name: 'testsuites', attributes: counts, children: [suite] });
}

function failure(errors: readonly LocatedFinding[], lines: SourceLines): Element {
  const [{ message }, ...more] = errors;
  return {
    name: 'failure',
    attributes: { message: more.length === 0 ? message : `${message}, and ${more.length} more`, type: 'error' },
    children: [errors.map((one) => said(one, lines)).join('\n')],
  };
}

function said({ severity, message, objects, refs, ...finding }: LocatedFinding, lines: SourceLines): string {
  const others = objects.filter((object) => !refs.some((ref) => ref.object === object));
  const places = refs.map((ref) => {
    const place = lines.of(ref);
    return [ref.object, ref.field, place === undefined ? '' : `(${place})`].filter((part) => part !== '').join(' ');
  });
  return `${severity}: ${message}\n  ${[...places, ...others].join('\n  ')}\n  fix: ${fixOf(finding)}`;
}
