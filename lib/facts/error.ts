import type { Code } from './codes';
import { beginAtUserLine, pageOf } from './user-stack';

/**
 * What is wrong with the input, in the user's terms.
 *
 * The message reads `<code> <where>: <what was received, what was expected, the fix>`; the code is stable, so that a
 * pipeline can filter on it. `docs/errors.md` explains every code. The stack begins at the program's own line.
 */
export class MeshError extends Error {
  /** Stable code, as in `docs/errors.md`. */
  declare public readonly code: Code;
  /** Construct path, file or field that the error is about. */
  declare public readonly where: string;

  constructor(code: Code, where: string, message: string) {
    super(`${code} ${where}: ${message}`);
    // Not enumerable: Node prints enumerable fields after the stack, where they repeat the message.
    Object.defineProperties(this, {
      name: { value: 'MeshError' },
      code: { value: code },
      where: { value: where },
    });
    beginAtUserLine(this, pageOf(code));
  }
}
