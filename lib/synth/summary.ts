import { byText } from '../facts/by-text';
import { groupBy } from '../facts/group-by';
import type { FleetVerdict } from '../verify/fleet-verdict';
import type { Verdict } from '../verify/verdict';
import type { Emission } from './emission';
import type { Changes, Output } from './plan';

/** What a summary tells of a synth. */
export interface SynthSummary {
  readonly emission: Pick<Emission, 'files'>;
  readonly verdict: Verdict;
  readonly output: Pick<Output, 'folders'>;
  readonly changes: Changes;
  /** What became of the calls that the program states. */
  readonly proof?: FleetVerdict['proof'];
}

/** Clusters without changes, and whatever else there may be many of, are named up to this number. */
const NAMED = 3;

/**
 * What a synth did, for people: a line for the whole, a line for each cluster with changes. Removed files are named,
 * because they are what GitOps deletes.
 */
export function formatSummary(outdir: string, { emission, verdict, output, changes, proof }: SynthSummary): string {
  const files = emission.files.filter(({ cluster }) => cluster !== undefined);
  const objects = files.reduce((sum, file) => sum + file.objects.length, 0);
  const bySeverity = groupBy(verdict.told, ({ severity }) => severity);
  const parts = [
    `${plural(objects, 'object')} for ${plural(output.folders.length, 'cluster')} in ${plural(files.length, 'file')}`,
    ...[...bySeverity].map(([severity, findings]) => plural(findings.length, severity)),
    ...(verdict.accepted.length > 0 ? [plural(verdict.accepted.length, 'accepted finding')] : []),
  ];
  const lines = [...placesOf(output.folders, changes)].map(([name, place]) => ({ name, text: changesOf(place) }));
  const changed = lines.filter(({ text }) => text !== '').map(({ name, text }) => `${name}: ${text}`);
  const unchanged = lines.filter(({ name, text }) => text === '' && name !== BESIDE).map(({ name }) => name);
  const rest =
    unchanged.length > NAMED
      ? [`${unchanged.length} other clusters: unchanged`]
      : unchanged.map((name) => `${name}: unchanged`);
  const details = changed.length === 0 ? ['nothing changed'] : [...changed, ...rest];
  return `${[`${outdir}: ${parts.join(', ')}`, ...calls(proof), ...details].join('\n  ')}\n`;
}

/** What was traced, and what nobody can trace. */
function calls(proof: SynthSummary['proof']): string[] {
  if (proof === undefined) return [];
  const left = proof.unjudged.map(({ peering, why }) => `peering ${peering} not judged: ${why}`);
  const { length } = left;
  const more = length > NAMED ? [`${length - NAMED} other peerings not judged`] : [];
  const result = proof.doubtful > 0 ? `${proof.doubtful} doubtful, the others as stated` : 'as stated';
  const of = proof.left > 0 ? ` of ${proof.exposures} among ${proof.exposures + proof.left} exposures` : '';
  const traced = proof.calls > 0 ? [`${plural(proof.calls, 'call')}${of} traced: ${result}`] : [];
  return [...traced, ...notModelled(proof.unmodelled), ...left.slice(0, NAMED), ...more];
}

/** Objects because of which calls are doubtful. */
function notModelled(unmodelled: NonNullable<SynthSummary['proof']>['unmodelled']): string[] {
  const { length } = unmodelled;
  return [
    ...unmodelled
      .slice(0, NAMED)
      .map(
        ({ object, calls }) =>
          `not modelled: ${object}, which ${plural(calls, 'call')} ${calls === 1 ? 'passes' : 'pass'}`,
      ),
    ...(length > NAMED ? [`${plural(length - NAMED, 'other object')} not modelled`] : []),
  ];
}

/** Files that are in no cluster's folder: facts, contracts, plain charts. */
const BESIDE = 'beside them';

interface Place {
  readonly added: string[];
  readonly changed: string[];
  readonly removed: string[];
}

/** Changes by the cluster whose folder they are in, sorted; clusters that are gone included, other files last. */
function placesOf(clusters: readonly string[], changes: Changes): Map<string, Place> {
  const places = new Map<string, Place>(clusters.map((name) => [name, newPlace()]));
  const beside = newPlace();
  for (const kind of ['added', 'changed', 'removed'] as const) {
    for (const path of changes[kind]) {
      const [folder, ...rest] = path.split('/');
      const isGone = kind === 'removed' && rest.length > 0 && /\.ya?ml$/.test(path);
      if (isGone && !places.has(folder)) places.set(folder, newPlace());
      const place = rest.length > 0 ? places.get(folder) : undefined;
      if (place) place[kind].push(rest.join('/'));
      else beside[kind].push(path);
    }
  }
  return new Map([...[...places].sort(byText(([name]) => name)), [BESIDE, beside]]);
}

function newPlace(): Place {
  return { added: [], changed: [], removed: [] };
}

function changesOf({ added, changed, removed }: Place): string {
  return [
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(changed.length > 0 ? [`${changed.length} changed`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed (${removed.join(', ')})`] : []),
  ].join(', ');
}

/** A number and what it counts: `1 file`, `2 files`. */
function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
