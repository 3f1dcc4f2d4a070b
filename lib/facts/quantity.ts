/** What a quantity of Kubernetes is worth, by its suffix. */
const WORTH: Readonly<Record<string, number>> = {
  ...Object.fromEntries(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((suffix, index) => [suffix, 1024 ** (index + 1)])),
  ...Object.fromEntries(['k', 'M', 'G', 'T', 'P', 'E'].map((suffix, index) => [suffix, 1000 ** (index + 1)])),
};

/** Amounts of CPU in thousandths of one, such as `250m` or `1.5`; undefined for what is none, or finer. */
export function milliCpus(quantity: string): number | undefined {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m)?$/.exec(quantity) ?? [];
  if (number === undefined) return undefined;
  // thousandths of one, whatever binary fractions make of it
  const amount = milli === undefined ? Math.round(Number(number) * 1e9) / 1e6 : Number(number);
  return Number.isInteger(amount) ? amount : undefined;
}

/** Amounts of memory or storage in bytes, such as `128Mi`; undefined for what is none, or no whole number of bytes. */
export function bytes(quantity: string): number | undefined {
  const [, number, suffix] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity) ?? [];
  const worth = suffix === '' ? 1 : WORTH[suffix];
  if (number === undefined || worth === undefined) return undefined;
  const amount = Number(number) * worth;
  return Number.isInteger(amount) ? amount : undefined;
}

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d+))?$/;
const SMALL: Readonly<Record<string, number>> = { n: 1e9, u: 1e6, m: 1e3 };

/**
 * What a quantity of any resource is worth; undefined for what is none (`resource.ParseQuantity` of Kubernetes).
 *
 * @param quantity as it stands in YAML: `250m`, `1.5`, `1e3`, `128Mi`, or a number.
 */
export function worthOf(quantity: unknown): number | undefined {
  if (typeof quantity !== 'string' && typeof quantity !== 'number') return undefined;
  const [, number, suffix = '', exponent = '0'] = QUANTITY.exec(String(quantity).trim()) ?? [];
  if (number === undefined) return undefined;
  const part = SMALL[suffix];
  return part === undefined ? Number(`${number}e${exponent}`) * (WORTH[suffix] ?? 1) : Number(number) / part;
}
