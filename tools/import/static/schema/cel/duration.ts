/** Nanoseconds of a unit. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);
const MAX = 2n ** 63n - 1n;
const PART = /(\d*)(?:\.(\d*))?([^\d.]+)/y;

/** Nanoseconds of a millisecond. */
export const MILLISECOND = 1_000_000n;

/**
 * Nanoseconds of a duration such as `1h`, `1.5s` or `100ms`, as Go's time.ParseDuration reads it.
 *
 * @throws if it is none.
 */
export function duration(text: string): bigint {
  const signed = /^[-+]/.test(text);
  const rest = signed ? text.slice(1) : text;
  if (rest === '0') return 0n;
  let sum = 0n;
  PART.lastIndex = 0;
  while (PART.lastIndex < rest.length) {
    const part = PART.exec(rest);
    if (part === null) throw new Error(`${text} is not a duration`);
    const [, whole = '', fraction = '', name = ''] = part;
    const unit = UNITS.get(name);
    if (unit === undefined || whole + fraction === '') throw new Error(`${text} is not a duration`);
    sum += BigInt(whole) * unit + fractionOf(fraction, unit);
  }
  if (rest === '' || sum > MAX) throw new Error(`${text} is not a duration`);
  return text.startsWith('-') ? -sum : sum;
}

/** Go counts up to 18 digits and rounds down through a float. */
function fractionOf(digits: string, unit: bigint): bigint {
  const counted = digits.slice(0, 18);
  return BigInt(Math.trunc(Number(counted || '0') * (Number(unit) / 10 ** counted.length)));
}
