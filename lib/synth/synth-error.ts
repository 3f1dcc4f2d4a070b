import type { Finding } from '../facts/finding';
import { beginAtUserLine, pageOf } from '../facts/user-stack';

/** Synthesis found errors. Nothing was written. */
export class SynthError extends Error {
  /** All findings of severity `error`. */
  declare public readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const count = findings.length === 1 ? '1 error' : `${findings.length} errors`;
    super(`synthesis failed with ${count}, nothing was written\n${formatFindings(findings)}`);
    // Not enumerable: Node prints enumerable fields after the stack, where they repeat the message.
    Object.defineProperties(this, { name: { value: 'SynthError' }, findings: { value: findings } });
    beginAtUserLine(this, pageOf());
  }
}

/** Findings as text for people: one block each. */
export function formatFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ severity, code, message, objects, fields = [], atRuntime, fix, inProgram }) =>
      [
        `${severity} ${code}: ${message}`,
        ...objects.flatMap((object) => {
          const own = fields.filter((one) => one.object === object).map(({ field }) => `    ${object}  ${field}`);
          return own.length > 0 ? own : [`    ${object}`];
        }),
        `  at run time: ${atRuntime}`,
        `  fix: ${fix}`,
        ...(inProgram === undefined ? [] : [`  in the program: ${inProgram}`]),
      ].join('\n'),
    )
    .join('\n');
}
