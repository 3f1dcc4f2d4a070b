import type { Finding } from '../facts/finding';

/** Synthesis found errors. Nothing was written. */
export class SynthError extends Error {
  /** All findings of severity `error`. */
  public readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const count = findings.length === 1 ? '1 error' : `${findings.length} errors`;
    super(`synthesis failed with ${count}, nothing was written\n${formatFindings(findings)}`);
    this.name = 'SynthError';
    this.findings = findings;
  }
}

/** Findings as text for people: one block each. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ severity, code, message, objects, atRuntime, fix }) =>
      [
        `${severity} ${code}: ${message}`,
        ...objects.map((object) => `    ${object}`),
        `  at run time: ${atRuntime}`,
        `  fix: ${fix}`,
      ].join('\n'),
    )
    .join('\n');
}
