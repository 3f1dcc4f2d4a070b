import type { Destination } from '../facts/destination';
import type { Protocol } from '../facts/port';
import type { Routes } from './routes';

/** A host of an exposure that callers dial themselves: what a Routing about it must know. */
export interface DialledHost {
  /** The host. */
  readonly host: string;
  /** Port that callers dial. */
  readonly port: number;
  /** Namespace of what is about the host. */
  readonly namespace: string;
  /** Namespaces that see it, as VirtualServices say it. */
  readonly exportTo: string[];
  /** All ports of the host that callers dial, when everything is stated; absent: this one alone. */
  readonly ports?: () => readonly DialledPort[];
  /**
   * Takes rules into the VirtualService of the host, where one stands already because calls go on from a gateway.
   * Absent: the Routing writes it.
   */
  readonly lead?: (rules: (match: MeshMatch) => Routes) => void;
}

/** A port of a host that callers dial. */
export interface DialledPort {
  readonly number: number;
  readonly protocol: Protocol;
}

/** Which calls come from the mesh, in a VirtualService that is about a gateway, too. */
export interface MeshMatch {
  /** What a VirtualService calls all sidecars: `mesh`. */
  readonly gateways: string[];
  /** Port that callers dial. */
  readonly port: number;
}

/** An exposure that a Routing may be about, if callers can dial it. */
export interface Diallable<P extends Protocol = Protocol> extends Destination<P> {
  /** Absent where nobody can. */
  readonly dialled?: DialledHost;
}
