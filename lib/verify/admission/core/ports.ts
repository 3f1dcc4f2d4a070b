/** Transport protocols of Kubernetes. */
export const PROTOCOLS: readonly string[] = ['TCP', 'UDP', 'SCTP'];

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

/** Whether a value is the number of a port. */
export function isPort(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65535;
}

/** `validation.IsValidPortName`: at most 15 characters, a letter among them, no two dashes in a row. */
export function isPortName(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > 15) return false;
  return LABEL.test(value) && /[a-z]/.test(value) && !value.includes('--');
}
