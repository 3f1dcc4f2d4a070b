import { join } from 'node:path';
import { judge } from '../../verify/judge';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import { findingsDocument } from '../../verify/report/findings/json';
import { findingsJunit } from '../../verify/report/findings/junit';
import { findingsMarkdown } from '../../verify/report/findings/markdown';
import { type FindingsReport, hasErrors } from '../../verify/report/findings/report';
import { findingsSarif } from '../../verify/report/findings/sarif';
import { findingsText } from '../../verify/report/findings/text';
import { SourceLines } from '../../verify/report/source-line';
import { CONFIG, configuredAcceptances } from '../../verify/suppress/config';
import { readSnapshot } from '../../verify/world/snapshot';
import type { Arguments } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { FACTS, INPUT } from '../input';
import { version } from '../version';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'markdown'] as const;

/** `multimesh verify`. */
export const verify: Command = {
  usage: '<dir> [options]',
  positionals: { min: 1, max: 1 },
  options: {
    facts: FACTS,
    strict: { help: 'exit with 3 where something changes calls that is not modelled' },
    format: { value: 'FORMAT', of: FORMATS, help: 'what is printed' },
  },
  details: `${INPUT}

A finding that is meant is accepted with a reason: by an annotation of the object,
multimesh.io/accept: "MESH3001: why", or in <dir>/${CONFIG}:

  accept:
  - { code: MESH3001, about: Gateway istio-system/public, reason: why }`,
  run(args: Arguments, io: Io): ExitCode {
    const [folder] = args.positionals;
    const snapshot = readSnapshot(folder, args.list('facts'));
    const { findings, assumptions, unmodelled } = judge(snapshot, configuredAcceptances(folder));
    const { clusters, resources } = snapshot;
    const file = join(folder, snapshot.fleet ? 'fleet.json' : CONFIG);
    const report: FindingsReport = { clusters, objects: resources.length, findings, assumptions, unmodelled, file };
    io.out(printed(report, args.value('format') as (typeof FORMATS)[number], io));
    if (hasErrors(report)) return EXIT.errors;
    return args.has('strict') && unmodelled.length > 0 ? EXIT.unmodelled : EXIT.clean;
  },
};

function printed(report: FindingsReport, format: (typeof FORMATS)[number], { hasColour }: Io): string {
  const lines = new SourceLines();
  switch (format) {
    case 'text':
      return findingsText(report, lines, hasColour ? COLOURED : PLAIN);
    case 'json':
      return `${JSON.stringify(findingsDocument(report, lines), null, 2)}\n`;
    case 'sarif':
      return `${JSON.stringify(findingsSarif(report, lines, version()), null, 2)}\n`;
    case 'junit':
      return findingsJunit(report, lines);
    case 'markdown':
      return findingsMarkdown(report, lines);
  }
}
