import type { Code } from './codes';

/**
 * What is wrong with the input, in the user's terms.
 *
 * The message reads `<code> <where>: <what was received, what was expected, the fix>`; the code is stable, so that a
 * pipeline can filter on it. `docs/errors.md` explains every code.
 */
export class MeshError extends Error {
  /** Stable code, as in `docs/errors.md`. */
  public readonly code: Code;
  /** Construct path, file or field that the error is about. */
  public readonly where: string;

  constructor(code: Code, where: string, message: string) {
    super(`${code} ${where}: ${message}`);
    this.name = 'MeshError';
    this.code = code;
    this.where = where;
  }
}
