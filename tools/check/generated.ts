import type { Files } from './modules';
import type { Problem } from './problem';

/**
 * The first file, by name, that is not what the generator writes.
 *
 * @param folder where the files are, for the message.
 * @param command what writes them.
 */
export function staleProblems(folder: string, command: string, committed: Files, generated: Files): Problem[] {
  const names = [...new Set([...committed.keys(), ...generated.keys()])].sort();
  const name = names.find((file) => committed.get(file) !== generated.get(file));
  if (name === undefined) return [];
  return [
    {
      where: `${folder}/${name}`,
      message: `${difference(committed.get(name), generated.get(name))}; run '${command}' and commit the result`,
    },
  ];
}

function difference(committed: string | undefined, generated: string | undefined): string {
  if (committed === undefined) return 'is missing';
  if (generated === undefined) return 'is not generated any more';
  const [old, wanted] = [committed.split('\n'), generated.split('\n')];
  const line = wanted.findIndex((text, index) => text !== old[index]);
  const at = line < 0 ? wanted.length : line;
  return `is stale: line ${at + 1} is ${quote(old[at])}, expected ${quote(wanted[at])}`;
}

function quote(line: string | undefined): string {
  return line === undefined ? 'missing' : `'${line.trim()}'`;
}
