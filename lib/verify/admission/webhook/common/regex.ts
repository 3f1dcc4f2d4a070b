import { re2 } from '../../../../facts/packages';
import { show } from '../../problem';
import type { Reason } from './names';
import { longerThan } from './values';

/** Longer patterns make Envoy's programs too large. */
const MAX_PATTERN = 1024;

/** `validation.validateStringRegexp`. */
export function regexReason(pattern: string): Reason {
  if (longerThan(pattern, MAX_PATTERN)) return `is a pattern of more than ${MAX_PATTERN} bytes, expected a shorter one`;
  return patternReason(pattern);
}

/** Why RE2 does not take a pattern: it has no look-around and no back references, so that matching takes linear time. */
export function patternReason(pattern: string): Reason {
  try {
    re2().compile(pattern);
    return undefined;
  } catch (error) {
    return `is ${show(pattern)}, expected a pattern of RE2 syntax: ${error instanceof Error ? error.message : error}`;
  }
}
