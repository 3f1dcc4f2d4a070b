import { MeshError } from '../facts/error';
import type { Finding, FindingField } from '../facts/finding';
import { checkOptions, type Guards, listOf, oneOf, optional, options, text } from '../facts/guard';
import { requireList } from '../facts/kind-of';
import type { VerifyInput } from '../verify/input';
import { isFindingCode, OWN_CODE } from './finding-code';
import type { FleetCheck } from './fleet-props';

const WHERE = 'Fleet.addCheck';

const FINDING: Guards<Finding> = {
  code: text,
  severity: oneOf('error', 'warning', 'info'),
  objects: listOf(text),
  fields: optional(listOf(options<FindingField>({ object: text, field: text }))),
  message: text,
  atRuntime: text,
  fix: text,
  inProgram: optional(text),
};

/**
 * What a check of the program's finds. A finding that is none would neither be printed nor stop anything.
 *
 * @throws MESH1006 for anything but a list of findings; MESH1190 for a code that neither `accept` nor `raise` could name.
 */
export function findingsOf(check: FleetCheck, input: VerifyInput): Finding[] {
  const found: unknown = check(input);
  requireList(found, WHERE, 'what the check found');
  return found.map((finding) => requireFinding(finding as Finding));
}

function requireFinding(finding: Finding): Finding {
  checkOptions<Finding>(finding, WHERE, FINDING);
  if (isFindingCode(finding.code)) return finding;
  throw new MeshError('MESH1190', WHERE, `the code of a finding is '${finding.code}'; expected ${OWN_CODE}`);
}
