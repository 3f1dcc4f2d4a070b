import { differenceOf } from '../../verify/diff/diff';
import { KINDS } from '../../verify/diff/kinds';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import { differenceDocument } from '../../verify/report/diff/json';
import { differenceMarkdown } from '../../verify/report/diff/markdown';
import { differenceText } from '../../verify/report/diff/text';
import { SourceLines } from '../../verify/report/source-line';
import { readSnapshot, type Snapshot } from '../../verify/world/snapshot';
import { type Arguments, misused } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { INPUT } from '../input';
import { worldsOf } from '../world';

/** `multimesh diff`. */
export const diff: Command = {
  usage: '<old> <new> [options]',
  positionals: { min: 2, max: 2 },
  options: {
    format: { value: 'FORMAT', of: ['text', 'markdown', 'json'], help: 'text, markdown for a pull request, or json' },
    'fail-on': { value: 'KIND', isList: true, help: `exit with 1 on ${KINDS.join(', ')}` },
    facts: { value: 'FILE', isList: true, help: 'fleet.json, or facts of both; may be repeated' },
  },
  details: `Says which calls change with the manifests: what opens, breaks, moves to another
server, is less protected, is denied, or goes on only until a pod restarts. Also
what is so only while one cluster has the new objects and another the old ones.

${INPUT}`,
  run(args: Arguments, io: Io): ExitCode {
    const failOn = args.list('fail-on');
    const unknown = failOn.find((one) => !(KINDS as readonly string[]).includes(one));
    if (unknown !== undefined) {
      throw misused('multimesh diff', `--fail-on is '${unknown}'; expected one of ${KINDS.join(', ')}`);
    }
    const [first, second] = args.positionals.map((folder) => readSnapshot(folder, args.list('facts')));
    const [old, changed] = worldsOf(first, withNameOf(first, second));
    const found = differenceOf(old, changed);
    const format = args.value('format');
    const lines = new SourceLines();
    if (format === 'markdown') io.out(differenceMarkdown(found, changed, lines));
    else if (format === 'json') io.out(`${JSON.stringify(differenceDocument(found, lines), undefined, 2)}\n`);
    else io.out(differenceText(found, changed, lines, io.hasColour ? COLOURED : PLAIN));
    return found.changes.some(({ kind }) => failOn.includes(kind)) ? EXIT.errors : EXIT.clean;
  },
};

/** A folder that is one cluster gives it its name: two versions of it are the same cluster all the same. */
function withNameOf({ clusters: [name, ...others] }: Snapshot, changed: Snapshot): Snapshot {
  const [own, ...more] = changed.clusters;
  if (changed.fleet || own === name || others.length > 0 || more.length > 0) return changed;
  const { facts, resources } = changed;
  const { [own]: mesh, ...meshes } = facts.meshes;
  return {
    ...changed,
    clusters: [name],
    resources: resources.map((one) => ({ ...one, cluster: name })),
    facts: { ...facts, meshes: { [name]: mesh, ...meshes } },
  };
}
