import type { ServerEnd } from '../trust/peering-tls';
import type { AtGateway } from './ingress/at-gateway';
import type { Onward } from './ingress/onward';
import type { Exposing } from './peering-props';

/** What an exposure at a host of its own states. */
export interface ExposeOptions extends Exposing, AtGateway {
  /**
   * Host that both sides know the service by: dialled, or routed to, and carried as SNI and authority. Of a server in no
   * mesh its own.
   */
  readonly host: string;
  /**
   * Subset of the service at the provider.
   * @default - the whole service
   */
  readonly subset?: string;
  /**
   * Port that callers dial.
   * @default - 80 where the mesh sees HTTP; the port of a clear-text server that is in no mesh; for the application's own
   * TLS the port of the server, or of the provider's gateway before it; for tcp the port of the service
   */
  readonly port?: number;
  /**
   * Port of the provider's gateway, where it is not the first that fits: `GatewayPort.tcp` for tcp in clear text, which
   * takes bytes of one service, else one that takes what the peering's `tls` sends.
   * @default - the gateway's first port for what arrives; for tcp in clear text its tcp port with the number of the service
   */
  readonly gatewayPort?: number;
  /**
   * Key pair of the server for this host, where it is not that of the peering; of a server that is not ours who it is.
   * @default - `server` of the peering's `tls`
   */
  readonly credential?: ServerEnd;
  /**
   * Part of the host's paths that lead to this service, each exact or with a `*` at the end: other exposures lead other
   * paths of the host elsewhere. The access rules are about these.
   * @default - all paths
   */
  readonly paths?: string[];
  /**
   * Hosts of which callers send copies here (`mirror` of a rule): a copy has the host of the original. Copies and originals
   * leave through different egress gateways: behind one a host leads to one place.
   * @default - none: copies for another host are answered with 404
   */
  readonly mirrorOf?: string[];
  /**
   * How the provider's gateway goes on to a server in no mesh, which is exposed, or for which an alias of the provider
   * stands: the provider's own business, of which the consumer learns nothing.
   * @default - none: a service of the provider answers
   */
  readonly onward?: Onward;
}
