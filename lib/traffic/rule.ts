import type { Destination } from '../facts/destination';
import { MeshError } from '../facts/error';
import { httpPath } from '../facts/names';
import type { Http } from '../facts/port';

declare const brand: unique symbol;

/** A part of the calls. */
export interface Weighted {
  /** Percent of the calls, a whole number; all weights of a rule add up to 100. */
  readonly weight: number;
  readonly to: Destination<Http>;
}

/** Which calls a rule is about; `to` says where they go. */
export class RuleMatch {
  /** @internal */
  constructor(private readonly paths: string[] | undefined) {}

  /**
   * Sends the calls to one destination, or by weight to several.
   *
   * @throws MESH1302 for an empty list, weights that are no whole numbers or do not add up to 100, or several
   * destinations without weights.
   */
  public to(...destinations: (Destination<Http> | Weighted)[]): Rule {
    const where = this.paths === undefined ? 'Rule.otherwise' : `Rule.paths ${this.paths[0]}`;
    if (destinations.length === 0) {
      throw new MeshError('MESH1302', where, 'the list of destinations is empty; state where the calls go');
    }
    if (destinations.length === 1 && !isWeighted(destinations[0])) {
      return new Rule(this.paths, [{ weight: 100, to: destinations[0] }]);
    }
    const weighted = destinations.filter(isWeighted);
    if (weighted.length < destinations.length) {
      throw new MeshError('MESH1302', where, 'several destinations need weights; write { weight: 50, to: … } for each');
    }
    const weights = weighted.map(({ weight }) => weight);
    if (weights.some((weight) => !Number.isInteger(weight) || weight < 0 || weight > 100)) {
      throw new MeshError(
        'MESH1302',
        where,
        `weights ${weights.join(', ')} are malformed; expected whole numbers from 0 to 100 (percent)`,
      );
    }
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) {
      throw new MeshError('MESH1302', where, `weights ${weights.join(', ')} add up to ${sum}; expected 100 (percent)`);
    }
    return new Rule(this.paths, weighted);
  }
}

/** Where some of the calls to a host go. A value. */
export class Rule {
  /**
   * Calls with these paths: exact, or with a `*` at the end for any rest.
   *
   * @throws MESH1301 for an empty list; MESH1004 for a malformed path.
   */
  public static paths(paths: string[]): RuleMatch {
    if (paths.length === 0) {
      throw new MeshError(
        'MESH1301',
        'Rule.paths',
        'the list of paths is empty; state at least one, or use Rule.otherwise()',
      );
    }
    return new RuleMatch(paths.map((path) => httpPath(path, 'Rule.paths')));
  }

  /** Every call that no rule above is about. */
  public static otherwise(): RuleMatch {
    return new RuleMatch(undefined);
  }

  declare protected readonly [brand]: 'Rule';

  /** @internal use `Rule.paths` or `Rule.otherwise` */
  constructor(
    /** Paths; absent: every call. */
    public readonly paths: string[] | undefined,
    public readonly destinations: Weighted[],
  ) {}
}

function isWeighted(destination: Destination<Http> | Weighted): destination is Weighted {
  return 'weight' in destination;
}
