import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder of the library's code: frames below it are not the user's. */
const LIBRARY = dirname(__dirname);
/** Frames to look through for the user's own. */
const DEPTH = 100;

/**
 * Lets the stack of an error begin at the line of the program that called the library, and end with its first line:
 * around them are frames of this package, of others (`node_modules`) and of Node. Between message and frames stands where
 * the error is explained.
 *
 * @param page where the error is explained.
 */
export function beginAtUserLine(error: Error, page: string): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Math.max(limit, DEPTH);
  Error.captureStackTrace(error);
  Error.stackTraceLimit = limit;
  const head = `${error.name}: ${error.message}`;
  const frames = framesOf(error.stack ?? '');
  const users = frames.filter(isUsers);
  const kept =
    users.length === 0 ? frames : frames.slice(frames.indexOf(users[0]), frames.lastIndexOf(users.at(-1) ?? '') + 1);
  const stack = [head, `    explained in ${page}`, ...kept.slice(0, limit)].join('\n');
  Object.defineProperty(error, 'stack', { value: stack, writable: true, configurable: true, enumerable: false });
}

/**
 * The page that explains a code, of this very version: it is part of the package.
 *
 * @param code without one: the page of all.
 */
export function pageOf(code?: string): string {
  const page = pathToFileURL(join(packageFolder(), 'docs', 'errors.md')).href;
  return code === undefined ? page : `${page}#${code.toLowerCase()}`;
}

/** The folder around a file of this package that has a `package.json`; the root where there is none. */
export function packageFolder(folder: string = LIBRARY): string {
  const parent = dirname(folder);
  return parent === folder || existsSync(join(folder, 'package.json')) ? folder : packageFolder(parent);
}

function framesOf(stack: string): string[] {
  return stack.split('\n').filter((line) => line.startsWith('    at '));
}

function isUsers(frame: string): boolean {
  return !/[\\/]node_modules[\\/]|\(node:|at node:|\(<anonymous>\)|\(native\)/.test(frame) && !frame.includes(LIBRARY);
}
