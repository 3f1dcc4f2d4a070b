import { differenceOf } from '../../verify/diff/diff';
import { KINDS } from '../../verify/diff/kinds';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import { differenceDocument } from '../../verify/report/diff/json';
import { differenceMarkdown } from '../../verify/report/diff/markdown';
import { differenceText } from '../../verify/report/diff/text';
import { readSnapshot } from '../../verify/world/snapshot';
import { type Arguments, misused } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { INPUT } from '../input';
import { worldOf } from '../world';

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
    const [old, changed] = args.positionals.map((folder) => worldOf(readSnapshot(folder, args.list('facts'))));
    const found = differenceOf(old, changed);
    const format = args.value('format');
    if (format === 'markdown') io.out(differenceMarkdown(found, changed));
    else if (format === 'json') io.out(`${JSON.stringify(differenceDocument(found), undefined, 2)}\n`);
    else io.out(differenceText(found, changed, io.hasColour ? COLOURED : PLAIN));
    return found.changes.some(({ kind }) => failOn.includes(kind)) ? EXIT.errors : EXIT.clean;
  },
};
