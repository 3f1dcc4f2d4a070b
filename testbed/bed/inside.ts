import { Random } from '../../tools/random';
import { prepareNetwork } from '../network/network';
import { describeReport } from './figures';
import { allScenarios, select } from './registry';
import { Runner } from './runner';
import type { InsideJob, InsideMessage } from './sandbox';

/**
 * The program inside the sandbox: it starts the clusters, is their kubelet, DNS and load balancer, and runs the scenarios.
 * What it says goes to the program outside; with `keep` it stays, so that the clusters do.
 */
async function main(): Promise<void> {
  const job = JSON.parse(process.argv[2]) as InsideJob;
  const send = (message: InsideMessage) =>
    new Promise<void>((resolve) => {
      if (process.connected) process.send?.(message, () => resolve());
      else resolve();
    });
  const say = (line: string) => void send({ line });
  await prepareNetwork();
  const { scenarios } = select(allScenarios(), job.names);
  const { random } = job;
  const runner = new Runner(job.binaries, say, random && { random: new Random(random.seed), calls: random.calls });
  await runner.run(scenarios, job.keep);
  for (const line of describeReport(runner.report, job.built)) say(line);
  const { passed, failed } = runner.report;
  await send({ done: { passed, failed } });
  // Without `keep` the program outside ends the sandbox now.
  if (job.keep) process.disconnect();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
