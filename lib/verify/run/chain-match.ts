import type { Chain, Listener } from '../view/types';
import { inCidr } from '../world/addresses';
import type { Bytes } from './bytes';
import type { AddressOrigin } from './origin';

/** A connection as a listener sees it. */
export interface Connection {
  readonly sourceIp: string;
  /** Address of the client that a proxy before tells, where it is another. */
  readonly remoteIp?: string;
  /** Whether the call says which addresses these are. */
  readonly isAddressStated?: true;
  readonly ip: string;
  readonly port: number;
  /** Present while an exploration notes what is asked of the source's address. */
  readonly origin?: AddressOrigin;
}

/**
 * The chain that takes a connection (Envoy's `filter_chain_manager`): a sieve per criterion; where a chain states it and
 * fits, the chains that do not state it are out; where none fits, only those stay.
 */
export function chooseChain({ chains, fallback }: Listener, { ip, port }: Connection, bytes: Bytes): Chain | undefined {
  const inspected = chains.filter(({ destinationPort }) => destinationPort === undefined || destinationPort === port);
  const relevant = inspected.some(({ destinationPort }) => destinationPort === port)
    ? inspected.filter(({ destinationPort }) => destinationPort === port)
    : inspected;
  // inspectors are there only where a chain asks for what they find (listener.go: populateListenerFilters)
  const looksForTls = relevant.some(({ transport, sni, tls }) => transport === 'tls' || sni?.length || tls);
  const looksForHttp = relevant.some(({ alpn }) => alpn?.some((one) => one === 'http/1.1' || one === 'h2c'));
  const isTls = looksForTls && bytes.kind === 'tls';
  const sni = isTls ? bytes.sni?.toLowerCase() : undefined;
  const alpn = isTls ? bytes.alpn : looksForHttp && bytes.kind === 'http' ? [bytes.isHttp2 ? 'h2c' : 'http/1.1'] : [];

  let left: readonly Chain[] = relevant;
  left = sieve(
    left,
    ({ prefixes }) => Boolean(prefixes?.length),
    (one) => prefixRank(one, ip),
  );
  left = sieve(
    left,
    (one) => Boolean(one.sni?.length) && !one.sni?.includes('*'),
    (one) => sniRank(one, sni),
  );
  left = sieve(
    left,
    ({ transport }) => Boolean(transport),
    ({ transport }) => (transport === (isTls ? 'tls' : 'raw_buffer') ? 1 : 0),
  );
  left = sieve(
    left,
    (one) => Boolean(one.alpn?.length),
    (one) => (alpn.some((name) => one.alpn?.includes(name)) ? 1 : 0),
  );
  return left[0] ?? fallback;
}

/** @param rank 0 for a chain that states the criterion and does not fit. */
function sieve(
  chains: readonly Chain[],
  states: (chain: Chain) => boolean,
  rank: (chain: Chain) => number,
): readonly Chain[] {
  const stating = chains.filter(states);
  if (stating.length === 0) return chains;
  const best = Math.max(...stating.map(rank));
  return best > 0 ? stating.filter((chain) => rank(chain) === best) : chains.filter((chain) => !states(chain));
}

function prefixRank({ prefixes = [] }: Chain, ip: string): number {
  const fitting = prefixes.filter((block) => inCidr(ip, block));
  return Math.max(0, ...fitting.map((block) => 1 + Number(block.split('/')[1] ?? 32)));
}

/** Exact names first, then the longest wildcard. */
function sniRank({ sni = [] }: Chain, name: string | undefined): number {
  if (name === undefined) return 0;
  const ranks = sni.map((given) => {
    const pattern = given.toLowerCase();
    if (pattern === name) return 1_000_000;
    return pattern.startsWith('*') && name.endsWith(pattern.slice(1)) ? pattern.length : 0;
  });
  return Math.max(0, ...ranks);
}
