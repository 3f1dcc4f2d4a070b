import type { Coverage } from '../../calls/coverage';
import type { ExpectedCall } from '../../calls/expected';
import type { CallResult } from '../../calls/results';

/** What a test of calls says, before it has a format. */
export interface CallsReport {
  /** The file that states the calls. */
  readonly file: string;
  readonly results: readonly CallResult[];
  readonly coverage?: Coverage;
  readonly assumptions: readonly string[];
}

/** `c1/shop/web → POST http://api/`. */
export function nameOf({ from, url, method = 'GET', as }: ExpectedCall): string {
  return `${from} → ${method === 'GET' ? '' : `${method} `}${url}${as === undefined ? '' : ` as ${as}`}`;
}

export const failedOf = ({ results }: CallsReport): CallResult[] =>
  results.filter(({ failure }) => failure !== undefined);
