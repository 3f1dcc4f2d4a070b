/**
 * Tests as texts, in the style of Go's testscript: commands, then the files that they need and should print.
 *
 *     # a comment
 *     multimesh verify dist        runs the command line in a folder of its own; it must exit with 0
 *     status 1                     … or with this
 *     stdout want.txt              what it printed is this file, to the letter
 *     stderr want.txt
 *     stdout contains TEXT         a part of what it printed
 *     stdout lacks TEXT
 *     copy dist/mtls-modes/istio x copies a folder of the repository, except what is there
 *     -- want.txt --
 *     text of a file, up to the next such line
 */
export interface Script {
  readonly commands: readonly ScriptCommand[];
  readonly files: ReadonlyMap<string, string>;
}

export interface ScriptCommand {
  /** From 1. */
  readonly line: number;
  readonly words: readonly string[];
  /** Everything after the first word. */
  readonly rest: string;
}

/** Reads a script. */
export function readScript(text: string): Script {
  const [head, ...parts] = text.split(/^-- (.+) --$/m);
  const files = new Map<string, string>();
  for (let i = 0; i < parts.length; i += 2) files.set(parts[i] as string, (parts[i + 1] as string).replace(/^\n/, ''));
  const commands = head.split('\n').flatMap((line, index) => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
    return [{ line: index + 1, words, rest: line.replace(/^\S+\s*/, '') }];
  });
  return { commands, files };
}

/** The text of a script whose files have changed. */
export function writeScript(text: string, files: ReadonlyMap<string, string>): string {
  const [head] = text.split(/^-- .+ --$/m);
  return head + [...files].map(([name, body]) => `-- ${name} --\n${body}`).join('');
}
