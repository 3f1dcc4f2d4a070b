import type { OutcomeClass } from './outcome';

/**
 * How clients say that a call was not answered, by the beginning of what they say, with the classes that it may stand for:
 * curl's exit codes and the codes of Node's sockets. Predictions and what real clients report use these words alone.
 */
const WORDS: readonly (readonly [word: string, classes: readonly OutcomeClass[]])[] = [
  ['curl 1:', ['closed']],
  ['curl 6:', ['name']],
  ['curl 7:', ['no answer']],
  ['curl 16:', ['closed', 'no answer']],
  ['curl 18:', ['closed']],
  ['curl 28:', ['no answer']],
  ['curl 35:', ['TLS']],
  ['curl 52:', ['closed', 'no answer']],
  ['curl 55:', ['closed', 'no answer']],
  ['curl 56:', ['closed', 'no answer']],
  ['curl 60:', ['TLS']],
  ['closed without an answer', ['closed', 'no answer']],
  ['no answer within', ['no answer']],
  ['never ready', ['not ready']],
  ['ECONNREFUSED', ['no answer']],
  ['ECONNRESET', ['closed', 'no answer', 'TLS']],
  ['EHOSTUNREACH', ['no answer']],
  ['ENOTFOUND', ['name']],
  ['EPIPE', ['closed', 'no answer']],
  ['EPROTO', ['TLS']],
  ...['ERR_SSL_SSLV3_ALERT', 'ERR_SSL_TLSV1_ALERT', 'ERR_SSL_TLSV13_ALERT'].map(alert),
  ['ERR_SSL', ['TLS']],
  ['ERR_TLS', ['TLS']],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ['TLS']],
  ['SELF_SIGNED_CERT_IN_CHAIN', ['TLS']],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ['TLS']],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ['TLS']],
];

/** Servers reject a certificate when the client believes that the handshake is over (TLS 1.3). */
function alert(word: string): readonly [string, readonly OutcomeClass[]] {
  return [word, ['closed', 'TLS']];
}

/** Classes that an error may be of, as a client words it; undefined for a word that is none of the list. */
export function classesOf(error: string): readonly OutcomeClass[] | undefined {
  return WORDS.find(([word]) => `${error}:`.startsWith(word))?.[1];
}
