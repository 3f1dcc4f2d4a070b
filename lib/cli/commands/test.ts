import { admit } from '../../verify/admission/findings';
import { coverageOf } from '../../verify/calls/coverage';
import { readCalls } from '../../verify/calls/expected';
import { runCalls } from '../../verify/calls/results';
import { callsDocument } from '../../verify/report/calls/json';
import { callsJunit } from '../../verify/report/calls/junit';
import { callsMarkdown } from '../../verify/report/calls/markdown';
import type { CallsReport } from '../../verify/report/calls/report';
import { callsText } from '../../verify/report/calls/text';
import { COLOURED, PLAIN } from '../../verify/report/colour';
import { SourceLines } from '../../verify/report/source-line';
import { readSnapshot } from '../../verify/world/snapshot';
import type { Arguments } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { DIRECTORY, directoryOf, FACTS } from '../input';
import { worldOf } from '../world';

const FORMATS = ['text', 'json', 'junit', 'markdown'] as const;

/** `multimesh test`. */
export const test: Command = {
  usage: '<calls.json> [options]',
  positionals: { min: 1, max: 1 },
  options: {
    dir: DIRECTORY,
    facts: FACTS,
    coverage: { help: 'objects, routes, rules, servers and subsets that no call passes' },
    strict: { help: 'exit with 3 where a call passes what is not modelled' },
    format: { value: 'FORMAT', of: FORMATS, help: 'what is printed' },
  },
  details: `<calls.json> is a list of calls and what each must end in:

  [{ "from": "c1/shop/web", "url": "http://api.shop:8080/orders",
     "expect": { "code": 200, "server": "c2/shop/api" }, "why": "orders are remote" },
   { "from": "c1/shop/cron", "url": "http://api.shop:8080/orders",
     "expect": { "code": 403, "flags": "" } }]

schema/calls.schema.json says everything that it may hold.`,
  run(args: Arguments, io: Io): ExitCode {
    const [file] = args.positionals;
    const calls = readCalls(file);
    const snapshot = readSnapshot(directoryOf(args), args.list('facts'), [file]);
    const { findings, resources } = admit(snapshot);
    const results = runCalls(worldOf(snapshot, resources), calls);
    const traces = results.map(({ trace }) => trace);
    const refused = findings.filter(({ severity }) => severity === 'error');
    const report: CallsReport = {
      file,
      results,
      ...(args.has('coverage') ? { coverage: coverageOf(resources, traces) } : {}),
      assumptions: [
        ...snapshot.assumptions,
        ...refused.map(({ objects, message }) => `${objects[0]} is not there, its cluster would refuse it: ${message}`),
      ],
    };
    io.out(printed(report, args.value('format') as (typeof FORMATS)[number], io));
    if (results.some(({ failure }) => failure !== undefined)) return EXIT.errors;
    return args.has('strict') && traces.some(({ unmodelled }) => unmodelled.length > 0) ? EXIT.unmodelled : EXIT.clean;
  },
};

function printed(report: CallsReport, format: (typeof FORMATS)[number], { hasColour }: Io): string {
  const lines = new SourceLines();
  switch (format) {
    case 'text':
      return callsText(report, lines, hasColour ? COLOURED : PLAIN);
    case 'json':
      return `${JSON.stringify(callsDocument(report, lines), null, 2)}\n`;
    case 'junit':
      return callsJunit(report, lines);
    case 'markdown':
      return callsMarkdown(report);
  }
}
