import { judge } from '../../verify/judge';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import type { FindingsReport } from '../../verify/report/findings/report';
import { findingsText } from '../../verify/report/findings/text';
import { SourceLines } from '../../verify/report/source-line';
import { readSnapshot } from '../../verify/world/snapshot';
import type { Arguments } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { FACTS, INPUT } from '../input';

/** `multimesh verify`. */
export const verify: Command = {
  usage: '<dir> [options]',
  positionals: { min: 1, max: 1 },
  options: {
    facts: FACTS,
    strict: { help: 'exit with 3 where a judged call passes what is not modelled' },
  },
  details: INPUT,
  run(args: Arguments, io: Io): ExitCode {
    const snapshot = readSnapshot(args.positionals[0], args.list('facts'));
    const { findings, assumptions, unmodelled } = judge(snapshot);
    const { clusters, resources } = snapshot;
    const report: FindingsReport = { clusters, objects: resources.length, findings, assumptions, unmodelled };
    io.out(findingsText(report, new SourceLines(), io.hasColour ? COLOURED : PLAIN));
    if (findings.some(({ severity }) => severity === 'error')) return EXIT.errors;
    return args.has('strict') && unmodelled.length > 0 ? EXIT.unmodelled : EXIT.clean;
  },
};
