import type { AccessFacts } from '../facts/access';
import type { CallConditions } from './call-conditions';

/** What a gateway that ends the TLS of its peers tells exposures of one port apart by. */
export type ToldApart =
  | {
      readonly by: 'path';
      /** Prefix of the paths of requests, with a slash at both ends. */
      readonly prefix: string;
    }
  | {
      readonly by: 'sni';
      /** Server name of the connection. */
      readonly sni: string;
    }
  | {
      readonly by: 'port';
      /** Server name of the connection: TLS of other exposures may share the port. */
      readonly sni: string;
    };

/** What one peer may do of one exposure at a gateway that ends its TLS. */
export interface PeerPolicy {
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** SPIFFE ID of the peer's certificate, without `spiffe://`. */
  readonly principal: string;
  readonly access: readonly AccessFacts[];
  /** What is asked of its calls besides. */
  readonly conditions: CallConditions;
  /** Port that the gateway's pod listens on. */
  readonly port: number;
  readonly toldApart: ToldApart;
}

/** Paths as the gateway sees them, before it takes the prefix away. */
export function pathsBelow(prefix: string, paths: readonly string[] = ['/*']): string[] {
  return paths.map((path) => prefix + path.slice(1));
}
