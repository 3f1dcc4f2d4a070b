import { MeshError } from '../../facts/error';
import { type Exposures, exposuresOf } from '../../verify/explore/exposures';
import type { CallerKind } from '../../verify/explore/survey';
import { Zone } from '../../verify/explore/zone';
import { gatewaysWithoutPods } from '../../verify/objects/gateways-without-pods';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import { exposuresDocument } from '../../verify/report/exposures/json';
import { exposuresText } from '../../verify/report/exposures/text';
import { SourceLines } from '../../verify/report/source-line';
import { readSnapshot } from '../../verify/world/snapshot';
import type { World } from '../../verify/world/world';
import type { Arguments, Option } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { FACTS, INPUT } from '../input';
import { standInsAt, worldOf } from '../world';

/** Rows of exposures to keep. */
export const SELECTION: Readonly<Record<string, Option>> = {
  to: { value: 'SERVER', isList: true, help: '<cluster>/<namespace>/<workload>; * at the end is any rest' },
  from: { value: 'CALLERS', isList: true, help: 'outside, network, workloads, or workloads like --to' },
};

/** `multimesh exposures`. */
export const exposures: Command = {
  usage: '<dir> [options]',
  positionals: { min: 1, max: 1 },
  options: {
    ...SELECTION,
    zone: { value: 'FILE', help: 'who may call what, in place of what fleet.json says' },
    format: { value: 'FORMAT', of: ['text', 'json'], help: 'text or json' },
    facts: FACTS,
    strict: { help: 'exit with 3 where a call passes what is not modelled' },
  },
  details: `Says who can call what: workloads of the clusters, anybody outside who finds a
gateway, and anybody in the network of a cluster who dials a pod. Calls that
nobody allows, from outside of the server's cluster, are marked; then it exits
with 1.

${INPUT}`,
  run(args: Arguments, io: Io): ExitCode {
    const file = args.value('zone');
    const snapshot = readSnapshot(args.positionals[0], args.list('facts'), file === undefined ? [] : [file]);
    const world = worldOf(snapshot);
    const ofFleet = snapshot.fleet && Zone.ofFleet(snapshot.fleet, world);
    const zone = file === undefined ? ofFleet : Zone.ofFile(file, world);
    refuseStrangers(args, world);
    const found = selected(exposuresOf(world, { ...kindsOf(args), ...(zone ? { zone } : {}) }), args);
    const hops = found.exposures.flatMap((one) => one.hops);
    const assumed = [...snapshot.assumptions, ...gatewaysWithoutPods(world), ...standInsAt(hops, world, snapshot)];
    const report = { ...found, assumptions: [...assumed, ...found.assumptions] };
    const isText = args.value('format') === 'text';
    io.out(
      isText
        ? exposuresText(report, world, io.hasColour ? COLOURED : PLAIN)
        : `${JSON.stringify(exposuresDocument(report, new SourceLines()), undefined, 2)}\n`,
    );
    if (found.exposures.some(({ isOutside }) => isOutside)) return EXIT.errors;
    return args.has('strict') && found.unmodelled.length > 0 ? EXIT.unmodelled : EXIT.clean;
  },
};

const KINDS: readonly string[] = ['outside', 'network', 'workloads'] satisfies CallerKind[];

/** Only what is asked for is explored. */
export function kindsOf(args: Arguments): { kinds?: CallerKind[] } {
  const from = args.list('from');
  if (from.length === 0) return {};
  return { kinds: [...new Set(from.map((one) => (KINDS.includes(one) ? (one as CallerKind) : 'workloads')))] };
}

/** @throws MESH4005 for a server or caller that no workload fits: it is misspelt, and nothing would be said of it. */
export function refuseStrangers(args: Arguments, world: World): void {
  const known = world.clusterNames
    .flatMap((cluster) => world.workloadsOf(cluster).map(({ namespace, name }) => `${cluster}/${namespace}/${name}`))
    .sort();
  for (const option of ['to', 'from'] as const) {
    const strange = args.list(option).find((one) => !KINDS.includes(one) && !known.some((id) => fits(one, id)));
    if (strange === undefined) continue;
    const more = known.length > 10 ? ` and ${known.length - 10} more` : '';
    const expected = option === 'to' ? '' : `${KINDS.join(', ')}, or `;
    throw new MeshError(
      'MESH4005',
      `--${option} ${strange}`,
      `no workload is called so; expected ${expected}<cluster>/<namespace>/<workload>, where * at the end is any rest; there are ${known.slice(0, 10).join(', ') || 'none'}${more}`,
    );
  }
}

const fits = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Rows of the servers and callers that are asked for. */
export function selected(found: Exposures, args: Arguments): Exposures {
  const [to, from] = [args.list('to'), args.list('from')];
  const named = from.filter((one) => !KINDS.includes(one));
  const isOneOf = (patterns: readonly string[], name: string) => patterns.some((one) => fits(one, name));
  const kept = found.exposures.filter(({ server, callers: { kind, workloads } }) => {
    if (to.length > 0 && !isOneOf(to, server)) return false;
    return named.length === 0 || from.includes(kind) || workloads.some((id) => isOneOf(named, id));
  });
  return { ...found, exposures: kept };
}
