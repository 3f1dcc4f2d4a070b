import type { ExternalProxy } from '../../mesh/external-proxy';
import type { Gateway } from '../../mesh/gateway';
import type { Credential } from '../../trust/credential';
import type { PeeringName } from '../strategy';
import type { EgressCallers } from './egress-callers';

/** Whose calls leave through which gateway. */
export interface EgressSide {
  readonly egress: Gateway;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** The gateway's key pair, for mutual TLS. */
  readonly credential?: Credential;
  readonly peering: PeeringName;
  /** Proxy of the company, by which the gateway reaches servers. */
  readonly through?: ExternalProxy;
}
