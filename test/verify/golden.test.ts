import type { ExpectedCall } from '../../lib/verify/calls/expected';
import { type CallResult, runCalls } from '../../lib/verify/calls/results';
import type { Hop } from '../../lib/verify/run/hop';
import { World } from '../../lib/verify/world/world';
import { type Golden, goldens } from '../../tools/oracle/golden';

const said = ({ at, role, listener, route, cluster, endpoint, sent, flag, failure }: Hop): string =>
  [at, role, listener, route, cluster, endpoint, JSON.stringify(sent), flag, failure?.why]
    .filter((part) => part !== undefined && part !== '')
    .join(' | ');

describe.each(goldens().map((golden): [string, Golden] => [golden.name, golden]))('golden %s', (_, golden) => {
  let results: CallResult[];

  beforeAll(() => {
    results = runCalls(new World(golden.facts, golden.resources), golden.calls);
  });

  const cases = golden.calls.map((call, index): [string, ExpectedCall, number] => [
    `${index} ${call.url}: ${call.why}`,
    call,
    index,
  ]);

  test.each(cases)('%s', (_, __, index) => {
    const { failure, trace } = results[index];
    expect(failure === undefined ? [] : [failure, ...trace.ways.flatMap(({ hops }) => hops.map(said))]).toEqual([]);
  });
});
