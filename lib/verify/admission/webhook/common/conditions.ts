import { show } from '../../problem';
import type { Reason } from './names';
import {
  accountsReason,
  blocksReason,
  filledReason,
  type ListReason,
  portsReason,
  wildcardsReason,
} from './policy-values';

/** Attributes of `when` with what istiod looks at in their values. */
const ATTRIBUTES: ReadonlyMap<string, ListReason> = new Map([
  ['source.ip', blocksReason],
  ['remote.ip', blocksReason],
  ['source.namespace', filledReason],
  ['source.serviceAccount', accountsReason],
  ['source.principal', filledReason],
  ['source.trustDomain', wildcardsReason],
  ['request.auth.principal', filledReason],
  ['request.auth.audiences', filledReason],
  ['request.auth.presenter', filledReason],
  ['destination.ip', blocksReason],
  ['destination.port', portsReason],
  ['connection.sni', filledReason],
]);
/** Attributes with a key in brackets. */
const KEYED = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];

/** `security.ValidateAttribute`. */
export function conditionReason(attribute: string, values: readonly string[]): Reason {
  const empty = filledReason(values);
  if (empty !== undefined) return empty;
  const reason = ATTRIBUTES.get(attribute);
  if (reason !== undefined) return reason(values);
  if (!KEYED.some((prefix) => attribute.startsWith(prefix)))
    return `is for ${show(attribute)}, which istiod does not know`;
  const open = attribute.indexOf('[');
  const keyed = attribute.endsWith(']') && open > 0 && open < attribute.length - 2;
  return keyed ? undefined : `is for ${show(attribute)}, expected a key in brackets, as in request.headers[user-agent]`;
}
