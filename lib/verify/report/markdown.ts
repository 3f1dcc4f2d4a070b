/** Rows that a comment shows; code hosts cut long ones. */
export const MOST_ROWS = 50;

/** A table; a cell keeps no line break and no bar. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Text between backticks, whatever is in it. */
export function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return longest > 0 ? `${ticks} ${text} ${ticks}` : `${ticks}${text}${ticks}`;
}

/** Text that Markdown and HTML leave as it is, on one line. */
export const plain = (text: string): string =>
  unaddressed(text.replace(/\s*\n\s*/g, ' ').replace(/[\\`*_{}[\]<>#|~]/g, '\\$&'));

/** `@c1` is a cluster, and no user of the code host who is to be told. */
export const unaddressed = (text: string): string => text.replaceAll('@', '@&#8203;');

const cell = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replace(/(?<!\\)\|/g, '\\|');

/** Says which rows are not shown. */
export const rest = (all: number): string => (all > MOST_ROWS ? `\n${all - MOST_ROWS} more are not shown.\n` : '');
