import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { binaries } from './bed/binaries';
import { BED_FILE, kubeconfigFile, POD_FILE, podsDirectory } from './bed/paths';
import { preflight, Unusable } from './bed/preflight';
import { allScenarios, select } from './bed/registry';
import { type InsideMessage, Sandbox } from './bed/sandbox';

const USAGE = `usage: npm run testbed [-- scenario... --keep]   run all scenarios, or the named ones (a name, or the part before its slash)
       npm run testbed -- scenario... --random CALLS [--seed SEED]
                                                 random calls and changes on their states, compared with predictions
       npm run testbed -- list                   print their names
       npm run testbed -- down                   end the bed that --keep or an interrupted run left
on a bed that is kept:
       npm run testbed -- kubectl CLUSTER ARGUMENT...
       npm run testbed -- exec CLUSTER/NAMESPACE/WORKLOAD COMMAND...
       npm run testbed -- logs CLUSTER/NAMESPACE/WORKLOAD`;

const EXIT = { passed: 0, failed: 1, usage: 2, unusable: 3, interrupted: 130 };

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  switch (command) {
    case 'list':
      return list();
    case 'down':
      console.log((await Sandbox.down()) ? 'the bed has been ended' : 'no bed was running');
      return EXIT.passed;
    case 'kubectl':
      return kubectl(rest);
    case 'exec':
      return exec(rest);
    case 'logs':
      return logs(rest);
    case '--help':
      console.log(USAGE);
      return EXIT.passed;
    default:
      return runScenarios(argv);
  }
}

function list(): number {
  const { scenarios, broken } = allScenarios();
  for (const { name } of scenarios) console.log(name);
  for (const { file, why } of broken) console.error(`${file} cannot be read: ${why}`);
  return broken.length === 0 ? EXIT.passed : EXIT.usage;
}

async function runScenarios(argv: readonly string[]): Promise<number> {
  const { names, keep, random } = runOptions(argv);
  if (random) console.log(`${random.calls} random calls per scenario, seed ${random.seed}`);
  const { scenarios, notRun, wrong } = select(allScenarios(), names);
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) return EXIT.usage;
  await preflight();
  const { directory, built } = await binaries();
  if (Sandbox.runner !== undefined) {
    const remedy = 'wait, end it (npm run testbed -- down), or give this one another TESTBED_NAME';
    throw new Unusable(`a run is under way here (process ${Sandbox.runner}): ${remedy}`);
  }
  if (await Sandbox.down()) console.log('the bed of an earlier run has been ended');
  const result = await runInside({
    binaries: directory,
    built,
    names: scenarios.map(({ name }) => name),
    keep,
    random,
  });
  for (const { name, why } of notRun) console.log(`not run: ${name}: ${why}`);
  if (keep) console.log(hints());
  console.log(`\n${result.passed} passed, ${result.failed} failed`);
  return result.failed === 0 && result.passed > 0 ? EXIT.passed : EXIT.failed;
}

/** @throws Usage for an option that is none, or has no number */
function runOptions(argv: readonly string[]) {
  const { values, positionals } = parsed(argv);
  const { keep = false, random, seed } = values;
  const numbers = [random, seed].map((value) => (value === undefined ? undefined : Number(value)));
  if (numbers.some((value) => value !== undefined && !(Number.isInteger(value) && value > 0))) {
    throw new Usage('--random and --seed take a number');
  }
  const [calls, start = process.hrtime()[1]] = numbers;
  if (seed !== undefined && calls === undefined) throw new Usage('--seed is for --random');
  return { names: positionals, keep, random: calls === undefined ? undefined : { calls, seed: start } };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { keep: { type: 'boolean' }, random: { type: 'string' }, seed: { type: 'string' } },
    });
  } catch (error) {
    throw new Usage((error as Error).message);
  }
}

async function runInside(job: Parameters<typeof Sandbox.start>[0]): Promise<{ passed: number; failed: number }> {
  const { child } = Sandbox.start(job);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      child.removeAllListeners('exit');
      console.log('interrupted: ending the bed');
      void Sandbox.down().then(() => process.exit(EXIT.interrupted));
    });
  }
  const result = await new Promise<{ passed: number; failed: number }>((resolve, reject) => {
    child.on('message', ({ line, done }: InsideMessage) => {
      if (line !== undefined) console.log(line);
      if (done) resolve(done);
    });
    child.on('error', reject);
    child.on('exit', () => reject(new Error(`the testbed has ended unexpectedly:\n${Sandbox.log}`)));
  });
  if (job.keep) child.unref();
  else await Sandbox.down();
  return result;
}

function hints(): string {
  const clusters = clusterSlots().map(([name]) => name);
  const [first = 'CLUSTER'] = clusters;
  return `
the bed goes on; clusters: ${clusters.join(', ')}
  npm run testbed -- kubectl ${first} get pods --all-namespaces
  npm run testbed -- exec ${first}/NAMESPACE/WORKLOAD curl -sv http://HOST/PATH
  npm run testbed -- exec ${first}/NAMESPACE/WORKLOAD curl -s localhost:15000/config_dump   (configuration of its Envoy)
  npm run testbed -- logs ${first}/NAMESPACE/WORKLOAD                                       (its access log)
  npm run testbed -- down`;
}

class Usage extends Error {}

/** Clusters of the kept bed, by the scenario's names. */
function clusterSlots(): [name: string, slot: string][] {
  const text = Sandbox.read(BED_FILE);
  if (text === undefined) throw new Usage('no bed is running: npm run testbed -- SCENARIO --keep');
  return JSON.parse(text).clusters;
}

function slotOf(name: string): string {
  const slots = clusterSlots();
  const found = slots.find(([cluster]) => cluster === name);
  if (!found) throw new Usage(`no cluster '${name}', there are ${slots.map(([cluster]) => cluster).join(', ')}`);
  return found[1];
}

async function kubectl([cluster, ...args]: readonly string[]): Promise<number> {
  if (cluster === undefined) throw new Usage('kubectl CLUSTER ARGUMENT...');
  const config = `--kubeconfig=${kubeconfigFile(slotOf(cluster))}`;
  const { directory } = await binaries();
  return attach([path.join(directory, 'kubectl'), config, ...args]);
}

function exec([target = '', ...command]: readonly string[]): number {
  const { pid } = podOf(target);
  if (command.length === 0) throw new Usage('exec CLUSTER/NAMESPACE/WORKLOAD COMMAND...');
  return attach(['nsenter', `--target=${pid}`, '--net', '--mount', ...command]);
}

function logs([target = '']: readonly string[]): number {
  return attach(['cat', path.join(podOf(target).directory, 'istio-proxy.log')]);
}

interface PodFile {
  namespace: string;
  names: string[];
  /** Process that holds the pod's namespaces, in the bed's numbering. */
  pid: number;
  directory: string;
}

function podOf(target: string): PodFile {
  const [cluster, namespace, workload] = target.split('/');
  if (!workload) throw new Usage(`'${target}', expected CLUSTER/NAMESPACE/WORKLOAD`);
  const slot = slotOf(cluster);
  const pods = Sandbox.list(podsDirectory(slot)).flatMap((entry): PodFile[] => {
    const text = Sandbox.read(path.join(podsDirectory(slot), entry, POD_FILE));
    return text === undefined ? [] : [JSON.parse(text)];
  });
  const found = pods.find((pod) => pod.namespace === namespace && pod.names.includes(workload));
  if (!found)
    throw new Usage(`no pod ${target}; there are ${pods.map((pod) => `${pod.namespace}/${pod.names[0]}`).join(', ')}`);
  return found;
}

/** Runs a command in the bed, attached to this terminal. */
function attach(argv: readonly string[]): number {
  const command = Sandbox.enter(argv);
  if (!command) throw new Usage('no bed is running');
  return spawnSync(command[0], command.slice(1), { stdio: 'inherit' }).status ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    if (error instanceof Usage) {
      console.error(`${error.message}\n\n${USAGE}`);
      process.exit(EXIT.usage);
    }
    console.error(error instanceof Unusable ? `the testbed cannot run here: ${error.message}` : error);
    process.exit(error instanceof Unusable ? EXIT.unusable : EXIT.failed);
  },
);
