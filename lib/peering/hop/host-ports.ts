import { isDeepStrictEqual } from 'node:util';
import type * as istio from '../../../imports/istio';
import { byText } from '../../facts/by-text';
import { MeshError } from '../../facts/error';
import type { HopFacts } from '../../facts/exposure';
import type { ConnectionSettings } from './connection';

/** An exposure as its consumer registers it. */
export interface RegisteredExposure {
  readonly facts: HopFacts;
  /** Base name of the exposure's objects. */
  readonly name: string;
  /** By which sidecars know the host, where names do not reach them. */
  readonly address?: string;
  /** How its port is connected, where that is stated. */
  readonly settings?: ConnectionSettings;
  /** What a proxy of the company is told to connect to, where the host is reached through one. */
  readonly tunnel?: istio.TrafficPolicyTunnelSettings;
}

/**
 * All exposures of a peering under one host: its consumer has one ServiceEntry and one rule of a host, of two with
 * different ports a proxy takes one.
 */
export class HostPorts {
  private readonly exposures: RegisteredExposure[] = [];

  /**
   * Adds an exposure: a port, or a service behind other paths of a port.
   *
   * @throws MESH1229 for a second port through a proxy; MESH1240 for a port that leads elsewhere already; MESH1253 for a
   * second address.
   */
  public add(exposure: RegisteredExposure, where: string): void {
    const { facts, address } = exposure;
    const { host, port } = facts;
    const other = this.exposures.find((one) => one.facts.port === port && !isOneWay(one.facts, facts));
    if (other !== undefined) {
      throw new MeshError(
        'MESH1240',
        where,
        `port ${port} of host '${host}' already leads to ${other.facts.key}, not to ${facts.key}; state another port, or 'paths' for each where one gateway serves both`,
      );
    }
    const tunnelled = exposure.tunnel && this.exposures.find((one) => one.facts.port !== port);
    if (tunnelled) {
      throw new MeshError(
        'MESH1229',
        where,
        `${facts.key} shall be reached through a proxy, but so is ${tunnelled.facts.key}, and a tunnel has one target of a host; leave one of the two out`,
      );
    }
    const known = this.address;
    if (known !== undefined && address !== undefined && known !== address) {
      throw new MeshError(
        'MESH1253',
        where,
        `host '${host}' has virtual IP ${known}, for its port ${port} it is ${address}; state one for all of its ports`,
      );
    }
    const unlike = this.exposures.find(
      (one) => one.facts.port === port && !isDeepStrictEqual(one.settings, exposure.settings),
    );
    if (unlike !== undefined) {
      throw new MeshError(
        'MESH1321',
        where,
        `the connection of ${facts.key} is not that of ${unlike.facts.key}, and both are one: port ${port} of host '${host}'; state the same for both`,
      );
    }
    this.exposures.push(exposure);
  }

  /** What a proxy of the company is told to connect to, where the host is reached through one. */
  public get tunnel(): istio.TrafficPolicyTunnelSettings | undefined {
    return this.exposures.map(({ tunnel }) => tunnel).find((tunnel) => tunnel !== undefined);
  }

  /** How a port is connected, where that is stated. */
  public settingsOf(port: number): ConnectionSettings | undefined {
    return this.exposures.find(({ facts }) => facts.port === port)?.settings;
  }

  /** Base name of what the host has once: that of its first exposure by key, whatever was stated first. */
  public get name(): string {
    return [...this.exposures].sort(byText(({ facts }) => facts.key))[0].name;
  }

  /** Ports by number, each as one of its exposures says it. */
  public get ports(): HopFacts[] {
    const byPort = new Map(this.exposures.map(({ facts }) => [facts.port, facts]));
    return [...byPort.values()].sort((a, b) => a.port - b.port);
  }

  /** By which sidecars know the host, where names do not reach them. */
  public get address(): string | undefined {
    return this.exposures.map(({ address }) => address).find((address) => address !== undefined);
  }
}

/** Whether a caller's proxy does the same for both: the provider's gateway tells them apart by path. */
function isOneWay(a: HopFacts, b: HopFacts): boolean {
  const way = ({ endpoint, tls, service: { protocol } }: HopFacts) => ({ endpoint, tls, protocol });
  return a.paths !== undefined && b.paths !== undefined && isDeepStrictEqual(way(a), way(b));
}
