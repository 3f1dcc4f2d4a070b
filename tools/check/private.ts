import type { Files } from './modules';
import type { Problem } from './problem';

/** What no committed file may hold, and why. */
const FORBIDDEN: { readonly pattern: RegExp; readonly what: string; readonly only?: RegExp }[] = [
  { pattern: /(?<![\w.~-])\/(?:home|Users)\/[A-Za-z0-9][\w.-]*\//, what: 'the absolute path of a machine' },
  { pattern: /\b[A-Z]:\\Users\\/, what: 'the absolute path of a machine' },
  // a whole line, as in a file; a test may well name the header inside of a string
  { pattern: /^\s*-----BEGIN [A-Z ]*PRIVATE KEY-----\s*$/, what: 'a private key' },
  { pattern: /"resolved": *"https?:/, what: 'the host of a package registry', only: /(^|\/)package-lock\.json$/ },
  {
    pattern: /registry\s*=|_auth|_password|proxy\s*=/i,
    what: 'the host or secret of a registry',
    only: /(^|\/)\.npmrc$/,
  },
];

/**
 * What belongs to one machine or person and not into a repository.
 *
 * @param here further texts that no file may hold: the folder of this checkout, hosts of this machine's registries.
 */
export function privateProblems(files: Files, here: readonly string[]): Problem[] {
  return [...files].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const what =
        FORBIDDEN.find(({ pattern, only }) => (only === undefined || only.test(path)) && pattern.test(line))?.what ??
        (here.some((own) => line.includes(own)) ? 'a name of this machine' : undefined);
      return what === undefined
        ? []
        : [{ where: `${path}:${index + 1}`, message: `holds ${what}: '${shorten(line)}'; remove it` }];
    }),
  );
}

function shorten(line: string): string {
  const text = line.trim();
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
