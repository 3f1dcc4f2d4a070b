import { ControlPlane } from '../../lib/verify/control-plane';
import { describeOutcome } from '../../lib/verify/run/outcome';
import { Tracer } from '../../lib/verify/trace';
import { outboundVirtualHosts, pickVirtualHost, unknownHost } from '../../lib/verify/view/vhosts';
import { World } from '../../lib/verify/world/world';
import { randomWorld } from '../../tools/oracle/generator/generate';
import { goldens } from '../../tools/oracle/golden';
import { Random } from '../../tools/random';

const SEEDS = [11, 12, 13];

/** Worlds with new objects; changed ones may lack what an API server insists on, and are never judged. */
const worlds = SEEDS.flatMap((seed) =>
  goldens().map((golden, index) => ({
    ...{ golden, seed: seed * 1000 + index },
    ...randomWorld(golden, new Random(seed * 1000 + index)),
  })),
).filter(({ golden, resources }) => golden.resources.every((one) => resources.includes(one)));

test('a virtual host made of the slice of a name is the one that the whole table has for it', () => {
  let compared = 0;
  for (const { facts, resources, cluster, seed } of worlds) {
    const mesh = new World(facts, resources).meshes.get(cluster);
    if (!mesh) throw new Error(`there is no ${cluster}`);
    const plane = new ControlPlane(mesh);
    for (const workload of mesh.workloads.filter(({ proxy }) => proxy === 'sidecar')) {
      const view = plane.proxy(workload);
      const [egress] = view.scope.egress;
      const port = egress.services
        .flatMap(({ ports }) => ports.map((one) => one.port))
        .find((one) => one === 80 || one > 5000);
      if (egress.spec.port?.number || port === undefined) continue;
      const table = [...outboundVirtualHosts(egress, workload, port), unknownHost(view.scope)];
      const names = egress.services.flatMap(({ hostname }) => [
        hostname,
        hostname.split('.')[0],
        `x.${hostname}`,
        hostname.replace('*', 'any'),
      ]);
      for (const name of [...names, 'nobody.example', '240.9.9.9']) {
        compared++;
        expect({ seed, name, host: view.virtualHost(String(port), name) }).toEqual({
          seed,
          name,
          host: pickVirtualHost(table, name),
        });
      }
    }
  }
  expect(compared).toBeGreaterThan(500);
});

test('the order in which objects are given decides nothing', () => {
  for (const { golden, facts, resources, seed } of worlds) {
    const outcomes = (given: typeof resources) => {
      const tracer = new Tracer(new World(facts, given));
      return golden.calls.slice(0, 4).map(({ from, url }) => {
        const { ways } = tracer.traceOnce({ from, url });
        return ways
          .map(
            ({ outcome, probability }) =>
              `${describeOutcome(outcome)} ${outcome.served?.workload} ${probability.toFixed(6)}`,
          )
          .sort();
      });
    };
    expect({ seed, outcomes: outcomes([...resources].reverse()) }).toEqual({ seed, outcomes: outcomes(resources) });
  }
});

test('a trace asked twice, and after others, is the same', () => {
  for (const golden of goldens().slice(0, 6)) {
    const tracer = new Tracer(new World(golden.facts, golden.resources));
    const calls = golden.calls.map(({ from, url }) => ({ from, url }));
    const first = calls.map((call) => JSON.stringify(tracer.trace(call)));
    expect(calls.map((call) => JSON.stringify(tracer.trace(call)))).toEqual(first);
    expect(JSON.stringify(new Tracer(new World(golden.facts, golden.resources)).trace(calls[0]))).toBe(first[0]);
  }
});
