import { MeshError } from '../../facts/error';
import { misfitOf } from '../../facts/misfit';
import type { Call } from '../run/call';
import { readYaml } from '../world/read-facts';

/** A call, and what it must end in (`schema/calls.schema.json`). */
export interface ExpectedCall extends Omit<Call, 'alpn'> {
  /** Protocols that the TLS client offers; as text, with commas. */
  readonly alpn?: string | readonly string[];
  /** What is done before this call and those after it. */
  readonly before?: readonly CallAction[];
  readonly expect: Expectation;
  /** How often real proxies are asked; a prediction knows all ways at once. */
  readonly repeat?: number;
  /** Seconds that real proxies have until it is so. */
  readonly within?: number;
  /** For people. */
  readonly why?: string;
}

/** What is expected of a call; what is left out may be anything. */
export interface Expectation {
  /** HTTP status, or `ok` for an answer over tcp or tls. */
  readonly code?: number | 'ok';
  /** Connection error: curl's, the beginning of a socket's, or empty for any. */
  readonly error?: string;
  /** Who answers: `cluster/namespace/workload`. */
  readonly server?: string;
  /** Regular expression over what a server answers that echoes its request. */
  readonly body?: string;
  /** Response flag that some proxy on the way logs. */
  readonly flags?: string;
  /** All that answer when the call is repeated, as `<app>-<version>`, or what it ends in otherwise. */
  readonly spread?: readonly string[];
}

/** What is done before a call: a workload is scaled (`kubectl scale`), or begins or ends to fail. */
export interface CallAction {
  readonly cluster?: string;
  readonly namespace?: string;
  readonly workload?: string;
  readonly kubectl?: readonly string[];
  readonly fail?: number | null;
}

/**
 * Reads a file with calls, JSON or YAML.
 *
 * @throws MESH4008 when it holds none, or a field that is none of a call.
 */
export function readCalls(file: string): ExpectedCall[] {
  const read = readYaml(file);
  const misfit = misfitOf(require('../../../schema/calls.schema.json'), read);
  if (misfit !== undefined) throw new MeshError('MESH4008', file, `${misfit}; expected a list of calls`);
  const calls = read as ExpectedCall[];
  if (calls.length === 0) throw new MeshError('MESH4008', file, 'it holds no calls; expected at least one');
  for (const [index, { expect }] of calls.entries()) {
    if (expect.body !== undefined) checkPattern(expect.body, `${file}: [${index}].expect.body`);
  }
  return calls;
}

function checkPattern(pattern: string, where: string): void {
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new MeshError('MESH4008', where, `${(error as Error).message}; expected a regular expression`);
  }
}

/** The call alone. */
export function callOf(call: Omit<ExpectedCall, 'expect'>): Call {
  const { from, url, method, headers, as, ca, sni, http2, alpn, tls } = call;
  return {
    ...{ from, url },
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers }),
    ...(as === undefined ? {} : { as }),
    ...(ca === undefined ? {} : { ca }),
    ...(sni === undefined ? {} : { sni }),
    ...(http2 === undefined ? {} : { http2 }),
    ...(tls === undefined ? {} : { tls }),
    ...(alpn === undefined ? {} : { alpn: typeof alpn === 'string' ? alpn.split(',') : alpn }),
  };
}
