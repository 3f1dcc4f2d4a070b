import { describeReport } from '../../../testbed/bed/figures';
import { Tally } from '../../../testbed/prediction/tally';

const report = {
  ...{ passed: 2, failed: 0, failures: [], times: [], memory: { all: 270.6, cluster1: 410 } },
  predicted: new Tally(),
};

describe('the figures of a testbed run', () => {
  test('end with what failed, with its scenario and all that was said about it', () => {
    const failures = [
      'saas/paths: shop/app GET http://saas.example.com: status 503, not 200\n        it should show: a path',
    ];
    const lines = describeReport({ ...report, failed: 1, failures }, {});
    expect(lines.slice(-3)).toEqual([
      '',
      'failed',
      '  saas/paths: shop/app GET http://saas.example.com: status 503, not 200\n        it should show: a path',
    ]);
  });

  test('end with the memory when all passed', () => {
    expect(describeReport(report, {}).at(-1)).toBe('  memory at most: all 271 MiB, cluster1 410 MiB (all: etcd)');
  });

  test('say how many calls were foreseen', () => {
    const predicted = new Tally();
    predicted.add({ kind: 'agrees' });
    expect(describeReport({ ...report, predicted }, {})).toContain(
      '  predicted 1 calls: agree 1, differ 0, unmodelled 0',
    );
  });

  test('give seconds of each scenario and of each build', () => {
    const times = [{ what: 'saas/paths', seconds: { start: 1, control: 0.5, apply: 1, ready: 0.25, calls: 2 } }];
    const lines = describeReport({ ...report, times }, { envoy: 12.4 });
    expect(lines).toContain('  build 12 s: envoy 12 s');
    expect(lines).toContain('  saas/paths  clusters up 1.5 s, scenario 3.3 s');
  });
});
