import type { Address } from '../facts/address';
import { MeshError } from '../facts/error';
import { checkOptions, made, number } from '../facts/guard';
import { mark } from '../facts/marks';
import { portNumber } from '../facts/port';

declare const brand: unique symbol;

/** What a proxy of the company states. */
export interface ExternalProxyProps {
  /** Where it is: `Address.hostname`, or `Address.ip` with one or several addresses. */
  readonly address: Address;
  /** Port that takes CONNECT. */
  readonly port: number;
}

/** A proxy of the company, which connects clients that say CONNECT (RFC 9110, 9.3.6) to servers outside. A value. */
export class ExternalProxy {
  static {
    mark(ExternalProxy.prototype, 'ExternalProxy');
  }

  declare protected readonly [brand]: 'proxy';
  /** Names or IP addresses to dial. */
  public readonly hosts: string[];
  /** Port that takes CONNECT. */
  public readonly port: number;

  /** @internal */
  constructor(props: ExternalProxyProps) {
    const where = 'External.proxy';
    checkOptions<ExternalProxyProps>(props, where, {
      address: made("an address such as Address.hostname('proxy.company.example')", 'Address'),
      port: number,
    });
    const { address, port } = props;
    this.port = portNumber(port, where);
    this.hosts = address.hosts;
    if (address.port === undefined && address.ports === undefined) return;
    throw new MeshError(
      'MESH1229',
      where,
      `the address states a port of its own, besides port ${port}; leave it out there`,
    );
  }
}
