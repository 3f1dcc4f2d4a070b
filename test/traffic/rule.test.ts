import * as fc from 'fast-check';
import { Port, Rule, TrustBundle } from '../../lib';
import { MeshService } from '../../lib/facts/service';
import { messageOf } from '../support/model';

const service = (name: string) =>
  new MeshService({ mesh: 'east/production', domain: 'cluster.local' }, name, {
    namespace: 'travel',
    ports: [Port.http(80)],
  });
const [a, b, c] = [service('a'), service('b'), service('c')];

describe('Rule', () => {
  test('one destination takes all calls', () => {
    for (const match of [Rule.otherwise(), Rule.paths(['/a', '/b/*'])]) {
      expect(match.to(a).destinations).toEqual([{ weight: 100, to: a }]);
    }
  });

  test('no call goes to something that is no destination, such as a trust bundle', () => {
    expect(messageOf(() => Rule.otherwise().to(TrustBundle.declared('ca') as never))).toBe(
      'MESH1006 Rule.otherwise: destination is a value of class TrustBundle, expected a service, a subset of one or an exposure; or { weight: 50, to: … }',
    );
  });

  test('several share them by weight', () => {
    const rule = Rule.otherwise().to({ weight: 90, to: a }, { weight: 10, to: b }, { weight: 0, to: c });
    expect(rule.destinations.map(({ weight }) => weight)).toEqual([90, 10, 0]);
  });

  test('any whole weights that add up to 100 are accepted, no others', () => {
    const weights = fc.array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.double(), fc.integer()), {
      minLength: 1,
      maxLength: 4,
    });
    const split = fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 3 }).map((cuts) => {
      const sorted = [0, ...cuts.sort((x, y) => x - y), 100];
      return sorted.slice(1).map((cut, index) => cut - sorted[index]);
    });
    fc.assert(
      fc.property(fc.oneof(weights, split), (list) => {
        const fits =
          list.every((w) => Number.isInteger(w) && w >= 0 && w <= 100) && list.reduce((x, y) => x + y, 0) === 100;
        const state = () => Rule.otherwise().to(...list.map((weight) => ({ weight, to: a })));
        if (fits) expect(state().destinations).toHaveLength(list.length);
        else expect(messageOf(state)).toMatch(/^MESH1302 Rule\.otherwise: weights /);
      }),
    );
  });

  test.each<[() => unknown, string]>([
    [
      () => Rule.paths([]),
      'MESH1301 Rule.paths: the list of paths is empty; state at least one, or use Rule.otherwise()',
    ],
    [
      () => Rule.paths(['/a', 'b']),
      "MESH1004 Rule.paths: path 'b' is malformed; expected an absolute path such as '/insurances/London', or one that ends in '*' such as '/insurances/*'",
    ],
    [
      () => Rule.paths(['/a']).to(),
      'MESH1302 Rule.paths /a: the list of destinations is empty; state where the calls go',
    ],
    [
      () => Rule.otherwise().to(),
      'MESH1302 Rule.otherwise: the list of destinations is empty; state where the calls go',
    ],
    [
      () => Rule.otherwise().to(a, b),
      'MESH1302 Rule.otherwise: several destinations need weights; write { weight: 50, to: … } for each',
    ],
    [
      () => Rule.otherwise().to({ weight: 100, to: a }, b),
      'MESH1302 Rule.otherwise: several destinations need weights; write { weight: 50, to: … } for each',
    ],
    [
      () => Rule.otherwise().to({ weight: 90, to: a }, { weight: 20, to: b }),
      'MESH1302 Rule.otherwise: weights 90, 20 add up to 110; expected 100 (percent)',
    ],
    [
      () => Rule.otherwise().to({ weight: 50, to: a }),
      'MESH1302 Rule.otherwise: weights 50 add up to 50; expected 100 (percent)',
    ],
    [
      () => Rule.otherwise().to({ weight: 99.5, to: a }, { weight: 0.5, to: b }),
      'MESH1302 Rule.otherwise: weights 99.5, 0.5 are malformed; expected whole numbers from 0 to 100 (percent)',
    ],
    [
      () => Rule.otherwise().to({ weight: 110, to: a }, { weight: -10, to: b }),
      'MESH1302 Rule.otherwise: weights 110, -10 are malformed; expected whole numbers from 0 to 100 (percent)',
    ],
  ])('%#: what does not fit is refused', (run, message) => {
    expect(messageOf(run)).toBe(message);
  });
});
