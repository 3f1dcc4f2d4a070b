import { show } from '../../problem';
import type { Reason } from '../common/names';
import { nanoseconds } from '../common/values';

/** Smallest and largest values of the integers of protocol buffers. */
const INTEGERS: Readonly<Record<string, readonly [min: bigint, max: bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  sint32: [-(2n ** 31n), 2n ** 31n - 1n],
  sfixed32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  sint64: [-(2n ** 63n), 2n ** 63n - 1n],
  sfixed64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  fixed32: [0n, 2n ** 32n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  fixed64: [0n, 2n ** 64n - 1n],
};
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$/;

/** Messages that hold one scalar, and are written as it. */
export const WRAPPERS: Readonly<Record<string, string>> = {
  'google.protobuf.BoolValue': 'bool',
  'google.protobuf.BytesValue': 'bytes',
  'google.protobuf.DoubleValue': 'double',
  'google.protobuf.FloatValue': 'float',
  'google.protobuf.Int32Value': 'int32',
  'google.protobuf.Int64Value': 'int64',
  'google.protobuf.StringValue': 'string',
  'google.protobuf.UInt32Value': 'uint32',
  'google.protobuf.UInt64Value': 'uint64',
};

/** Why a value is no scalar of a type, as `jsonpb` reads it: null sets nothing, and numbers may be quoted. */
export function scalarReason(type: string, value: unknown): Reason {
  if (value === null) return undefined;
  switch (type) {
    case 'bool':
      return typeof value === 'boolean' ? undefined : expected(value, 'true or false');
    case 'string':
      return typeof value === 'string' ? undefined : expected(value, 'a string');
    case 'bytes':
      return typeof value === 'string' && BASE64.test(value.replace(/[\r\n]/g, ''))
        ? undefined
        : expected(value, 'base64');
    case 'double':
    case 'float':
      return isNumber(value) ? undefined : expected(value, 'a number');
    default:
      return integerReason(type, value);
  }
}

/** Why a value is none of an enum: its names, or any number. */
export function enumReason(names: readonly string[], value: unknown): Reason {
  if (value === null) return undefined;
  if (typeof value === 'string')
    return names.includes(value) ? undefined : expected(value, `one of ${names.join(', ')}`);
  return integerReason('int32', value);
}

/** `google.protobuf.Duration`. */
export function durationReason(value: unknown): Reason {
  const valid = typeof value === 'string' && nanoseconds(value) !== undefined;
  return valid ? undefined : expected(value, 'a duration such as 10s or 0.5s');
}

/** `google.protobuf.Timestamp`. */
export function timestampReason(value: unknown): Reason {
  const valid =
    typeof value === 'string' && TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value.replace(',', '.')));
  return valid ? undefined : expected(value, 'a time such as 2026-01-01T00:00:00Z');
}

/** The reason for a value of the wrong type. */
export function expected(value: unknown, what: string): string {
  return `is ${show(value)}, expected ${what}`;
}

function integerReason(type: string, value: unknown): Reason {
  const [min, max] = INTEGERS[type] as readonly [bigint, bigint];
  // Go writes numbers from 1e21 on with an exponent, which it then does not read as an integer.
  const text = typeof value === 'number' && Math.abs(value) < 1e21 ? value.toString() : value;
  const valid =
    typeof text === 'string' && /^-?(?:0|[1-9]\d*)$/.test(text) && BigInt(text) >= min && BigInt(text) <= max;
  return valid ? undefined : expected(value, `an integer of type ${type}`);
}

function isNumber(value: unknown): boolean {
  if (typeof value === 'string') return NUMBER.test(value) || ['NaN', 'Infinity', '-Infinity'].includes(value);
  return typeof value === 'number';
}
