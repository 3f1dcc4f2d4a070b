import type { Option } from './arguments';
import type { Command } from './command';
import { COMMANDS } from './commands';

const EXIT_CODES = `Exit codes: 0 nothing is wrong · 1 there are errors · 2 the command line or the
input could not be understood · 3 with --strict: something is not modelled`;

/** What `multimesh --help` prints. */
export function overview(): string {
  const names = Object.entries(COMMANDS).map(([name, { summary }]): [string, string] => [name, summary]);
  return `multimesh judges the manifests of several meshes together, without a cluster.

Usage: multimesh <command> [arguments]

${table(names)}

multimesh <command> --help says more of one command.
${EXIT_CODES}
`;
}

/** What `multimesh <command> --help` prints. */
export function helpOf(name: string, { usage, options, details }: Command): string {
  const rows = Object.entries(options).map(([key, option]): [string, string] => [signature(key, option), option.help]);
  return `${COMMANDS[name].summary}

Usage: multimesh ${name} ${usage}

${table([...rows, ['-h, --help', 'show this']])}

${details}

${EXIT_CODES}
`;
}

function signature(key: string, { short, value, of }: Option): string {
  const name = `${short === undefined ? '' : `-${short}, `}--${key}`;
  if (of !== undefined) return `${name} ${of.join('|')}`;
  return value === undefined ? name : `${name} ${value}`;
}

/** Two columns; what does not fit into the first stands alone. */
function table(rows: readonly [string, string][]): string {
  const width = Math.min(26, Math.max(...rows.map(([left]) => left.length)) + 2);
  return rows
    .map(([left, right]) =>
      left.length + 2 > width ? `  ${left}\n  ${' '.repeat(width)}${right}` : `  ${left.padEnd(width)}${right}`,
    )
    .join('\n');
}
