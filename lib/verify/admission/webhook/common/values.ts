import { duration, MILLISECOND } from '../../../../../imports/schema/cel/duration';
import type { Path } from '../../path';
import { type Report, show } from '../../problem';
import { byteLength, isLabel, type Reason } from './names';

/** Reports a reason, if there is one. */
export function refuse(report: Report, at: Path, reason: Reason): void {
  if (reason !== undefined) report.error(at, reason);
}

/** Nanoseconds of a duration, or undefined if it is none. */
export function nanoseconds(text: string): bigint | undefined {
  try {
    return duration(text);
  } catch {
    return undefined;
  }
}

/** `agent.ValidateDuration`: Envoy counts milliseconds. */
export function durationReason(text: string | undefined): Reason {
  if (text === undefined) return undefined;
  const length = nanoseconds(text);
  if (length !== undefined && length >= MILLISECOND && length % MILLISECOND === 0n) return undefined;
  return `is ${show(text)}, expected a duration of whole milliseconds, at least 1ms`;
}

/** A duration of any length: istiod only has to be able to read it. */
export function readableDurationReason(text: string | undefined): Reason {
  if (text === undefined || nanoseconds(text) !== undefined) return undefined;
  return `is ${show(text)}, expected a duration such as 1h30m, 10s or 100ms`;
}

/** A number that counts something. */
export function countReason(value: number | undefined): Reason {
  return value === undefined || value >= 0 ? undefined : `is ${value}, expected 0 or more`;
}

/** `validation.ValidatePercent`. */
export function percentReason(value: number | undefined): Reason {
  if (value === undefined || (value >= 0 && value <= 100)) return undefined;
  return `is ${value}, expected a percentage from 0 to 100`;
}

const QUALIFIED = '(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const DOMAIN_LABEL = '[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?';
const LABEL_KEY = new RegExp(`^(?:(${DOMAIN_LABEL}(?:\\.${DOMAIN_LABEL})*)/)?(${QUALIFIED})$`);
const LABEL_VALUE = new RegExp(`^(?:${QUALIFIED})?$`);

/** `labels.Instance.Validate`: the length of a value is not looked at. */
export function labelsRules(labels: Readonly<Record<string, string>> | undefined, at: Path, report: Report): void {
  for (const key in labels) {
    const [, prefix = '', name = ''] = LABEL_KEY.exec(key) ?? [];
    if (name === '' || name.length > 63 || prefix.length > 253) {
      report.error(at.at(key), `has the key ${show(key)}, expected a label's name`);
    }
    const value = labels[key] as string;
    if (!LABEL_VALUE.test(value)) report.error(at.at(key), `is ${show(value)}, expected a label's value`);
  }
}

/** `validation.ValidatePortName`. */
export function portNameReason(name: string | undefined): Reason {
  return isLabel(name ?? '') ? undefined : `is ${show(name ?? '')}, expected a DNS label as the port's name`;
}

/** `validation.ValidateUnixAddress`, for the part after `unix://`. */
export function socketReason(path: string): Reason {
  if (path.startsWith('@') || (path.startsWith('/') && !path.endsWith('/'))) return undefined;
  return `is ${show(path)}, expected the absolute path of a socket, or @name`;
}

/** Whether a string is longer than a number of bytes. */
export function longerThan(text: string | undefined, bytes: number): boolean {
  return text !== undefined && text.length * 4 > bytes && byteLength(text) > bytes;
}
