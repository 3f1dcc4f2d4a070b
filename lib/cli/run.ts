import type { Code } from '../facts/codes';
import type { MeshError } from '../facts/error';
import { nearest } from '../facts/nearest';
import { pageOf } from '../facts/user-stack';
import { misused, readArguments } from './arguments';
import type { Io } from './command';
import { COMMANDS } from './commands';
import { EXIT, type ExitCode } from './exit-code';
import { harmless } from './harmless';
import { helpOf, overview } from './help';
import type { judgeOutput as JudgeOutput } from './judge-output';
import { version } from './version';

/**
 * Runs a command line.
 *
 * @param argv without the names of Node and the program.
 * @returns the exit code: bad input never throws.
 */
export function run(argv: readonly string[], to: Io): ExitCode {
  const io = harmless(to);
  try {
    return dispatch([...argv], io);
  } catch (error) {
    if ((error as Error).name !== 'MeshError') return unexpected(error as Error, io);
    const { code, message } = error as MeshError;
    io.err(`${message}\n  explained in ${pageOf(code)}\n`);
    return EXIT.usage;
  }
}

/** What a validation of cdk8s asks, which is no command line: `judge-output.ts`, loaded like a command. */
export const judgeOutput: typeof JudgeOutput = (folder, facts) =>
  (require('./judge-output') as typeof import('./judge-output')).judgeOutput(folder, facts);

/** What no input should do; the stack is for those who repair it. */
function unexpected(error: Error, io: Io): ExitCode {
  const code: Code = 'MESH4009';
  io.err(`${code} multimesh: it cannot go on, by a fault of its own: ${error.stack ?? error.message}\n`);
  return EXIT.usage;
}

function dispatch([name, ...rest]: string[], io: Io): ExitCode {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const [command] = rest;
    io.out(name === 'help' && command !== undefined ? helpOf(command, commandOf(command)) : overview());
    return name === undefined ? EXIT.usage : EXIT.clean;
  }
  if (name === '--version' || name === '-v') {
    io.out(`${version()}\n`);
    return EXIT.clean;
  }
  const command = commandOf(name);
  const args = readArguments(name, command, rest);
  if (args.has('help')) {
    io.out(helpOf(name, command));
    return EXIT.clean;
  }
  return command.run(args, io);
}

function commandOf(name: string) {
  if (!Object.hasOwn(COMMANDS, name)) {
    const meant = nearest(name, Object.keys(COMMANDS));
    const hint = meant === undefined ? '' : `, did you mean ${meant}?`;
    const known = Object.keys(COMMANDS).join(', ');
    throw misused('multimesh', `there is no command '${name}'${hint}; expected one of ${known}`);
  }
  return COMMANDS[name].load();
}
