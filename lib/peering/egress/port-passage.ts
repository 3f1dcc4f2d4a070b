import type { AccessFacts } from '../../facts/access';
import type { DialledHost } from '../../traffic/dialled-host';
import type { PassagePart, SeenAs } from './passage-parts';

/** What one port of a host needs of the gateway. */
export interface PortPassage {
  /** Name of what is on the way: of subset and policy, and of Gateway resource and VirtualService if it is the first. */
  readonly label: string;
  readonly as: SeenAs;
  /** Whether HTTP/2 flows. */
  readonly isHttp2: boolean;
  /** Port of the host, which callers dial. */
  readonly port: number;
  /** What callers may do, where nothing of ours behind the gateway says it. */
  readonly access?: readonly AccessFacts[];
  /** Says that callers dial the host themselves. */
  readonly letDial?: (host: DialledHost) => void;
}

/** A port with its way: what is written for it. */
export interface WrittenPassage extends PortPassage, PassagePart {
  /** Rules of a Routing about it; absent: there is none. */
  rules?: Parameters<NonNullable<DialledHost['lead']>>[0];
}
