import type { ControlPlane } from '../control-plane';
import type { ProxyView } from '../view/proxy';
import type { Rbac } from '../view/types';
import type { Ref } from '../world/resource';
import type { Workload } from '../world/workloads';
import type { World } from '../world/world';
import type { Bytes, Layer, TlsBytes, TlsClient } from './bytes';
import type { Connection } from './chain-match';
import type { Branch } from './hop';
import type { AddressOrigin } from './origin';
import type { Secrets } from './secrets';

/** A connection on its way. */
export interface Dial {
  /** Who opened the connection at hand. */
  readonly source: Workload;
  readonly ip: string;
  readonly port: number;
  readonly bytes: Bytes;
  /** Stations so far. */
  readonly depth: number;
  /** Present while an exploration notes what is asked of the source's address. */
  readonly origin?: AddressOrigin;
  /** Addresses that the call has behind a load balancer, where it states them. */
  readonly seen?: SeenAddresses;
}

/** Addresses that whoever is behind a load balancer sees. */
export interface SeenAddresses {
  readonly sourceIp: string;
  readonly remoteIp?: string;
}

/** A connection at a proxy. */
export interface Arrival {
  readonly proxy: ProxyView;
  readonly role: 'sidecar outbound' | 'sidecar inbound' | 'gateway';
  readonly connection: Connection;
  readonly depth: number;
}

/** What upstream needs to know of the connection that it answers. */
export interface Terminated extends Arrival {
  /** Whether TLS was opened here: a failure then closes with FIN, not with RST. */
  readonly isOpened: boolean;
  /** The TLS that was opened here. */
  readonly opened?: Layer;
}

/** What a station of a call asks of everything around it. */
export interface Surroundings {
  readonly world: World;
  plane(of: { readonly cluster: string }): ControlPlane;
  secrets(of: { readonly cluster: string }): Secrets;
  /** What a running proxy had before the change; undefined for one that starts now. */
  before(workload: Workload): ProxyView | undefined;
  /** Notes what was believed because no fact says otherwise. */
  assume(what: string): void;
  /** Notes what policies ask of tokens, whose content no fact says. */
  assumeNoTokens(filters: readonly Rbac[], isStated: boolean): void;
  /** Notes something on the way that is not modelled. */
  leaveOut(ref: Ref): void;
  /** Wraps bytes into a TLS connection of their own. */
  wrap(client: TlsClient, sni: string | undefined, alpn: readonly string[], inner: Bytes): TlsBytes;
  /** A name for a connection inside of another one. */
  layer(kind: string): Layer;
  /** A connection leaves a network namespace: to a pod, a Service or nobody. */
  send(dial: Dial): Branch[];
}
