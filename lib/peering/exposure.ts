import type { Destination, NextHop } from '../facts/destination';
import type { ExposureFacts } from '../facts/exposure';
import { mark } from '../facts/marks';
import type { Protocol } from '../facts/port';
import type { DialledHost } from '../traffic/dialled-host';

declare const brand: unique symbol;

/** One service made callable through a peering: rules point at it; where it has a host, callers may dial that, too. */
export class Exposure<P extends Protocol = Protocol, F extends ExposureFacts = ExposureFacts>
  implements Destination<P>
{
  static {
    mark(Exposure.prototype, 'Exposure');
  }

  declare protected readonly [brand]: P;

  /** @internal */
  constructor(
    /** Construct path of the consumer mesh, whose rules may name it; empty when the consumer is not ours. */
    public readonly usableIn: string,
    public readonly nextHop: NextHop,
    /** What both sides agreed on. */
    public readonly facts: F,
    /** How a Routing may be about its host; absent where callers cannot dial it. */
    public readonly dialled?: DialledHost,
  ) {}

  /** Host that callers may dial, where the strategy gives one. */
  public get host(): F['host'] {
    return this.facts.host;
  }

  public get protocol(): P {
    return this.facts.service.protocol as P;
  }
}
