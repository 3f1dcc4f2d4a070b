/** A fenced block of a page, with the HTML comments that stand directly before it: its marks. */
export interface Block {
  readonly page: string;
  /** Line of the first line of the text. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  readonly marks: string[];
}

/** All fenced blocks of a page. */
export function blocksOf(page: string, markdown: string): Block[] {
  const blocks: Block[] = [];
  let marks: string[] = [];
  let open: { language: string; line: number; text: string[] } | undefined;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open !== undefined) {
      if (line === '```') {
        blocks.push({ page, line: open.line, language: open.language, text: open.text.join('\n'), marks });
        [open, marks] = [undefined, []];
      } else {
        open.text.push(line);
      }
      continue;
    }
    const mark = line.match(/^<!-- (.*) -->$/);
    const fence = line.match(/^```(\w*)$/);
    if (fence) open = { language: fence[1] ?? '', line: index + 2, text: [] };
    else if (mark) marks.push(mark[1] as string);
    else if (line !== '') marks = [];
  }
  if (open !== undefined) throw new Error(`${page}:${open.line - 1}: the block is not closed`);
  return blocks;
}

/** Relative links of a page. */
export function linksOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target as string)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/** Anchors that the headings of a page make. */
export function anchorsOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading as string)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

/**
 * Where an excerpt is not what it shows a part of; undefined when it is. Each piece between lines `# …` (or `…`) must
 * stand in the text as whole lines, in this order; it may be shown without the indentation it has there.
 */
export function excerptMismatch(excerpt: string, text: string): string | undefined {
  let rest = `\n${text}\n`;
  for (const piece of excerpt.split(/^\s*(?:# )?…$\n?/m).map((part) => part.replace(/\n$/, ''))) {
    if (piece === '') continue;
    const found = INDENTS.map((indent) => `\n${indented(piece, indent)}\n`).find((text) => rest.includes(text));
    if (found === undefined) return piece;
    rest = rest.slice(rest.indexOf(found) + found.length - 1);
  }
  return undefined;
}

/** An excerpt from the depth of a document reads better at the margin. */
const INDENTS = [0, 2, 4, 6, 8, 10, 12, 14, 16];

function indented(text: string, spaces: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(spaces));
}
