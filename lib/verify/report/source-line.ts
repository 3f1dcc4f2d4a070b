import { readFileSync } from 'node:fs';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import type { Ref, Source } from '../world/resource';

/** A document of a file, with the places of its nodes. */
interface Chunk {
  /** Line of the file before its first, from 0. */
  readonly before: number;
  readonly document: Document<ParsedNode>;
  readonly lines: LineCounter;
}

/**
 * Lines of fields in YAML files. Files are read again only where a line is asked for, and of them only the document that
 * it is in: nothing that only judges pays for positions.
 */
export class SourceLines {
  private readonly texts = new Map<string, readonly string[]>();
  private readonly chunks = new Map<string, Chunk>();

  /** @param read the text of a file. */
  constructor(private readonly read: (file: string) => string = (file) => readFileSync(file, 'utf8')) {}

  /** `file:line` of the field that decided, else of its object; undefined where the object is of no file. */
  public of(ref: Ref): string | undefined {
    const line = this.lineOf(ref);
    return line === undefined ? undefined : `${ref.source?.file}:${line}`;
  }

  /** The line alone, from 1. */
  public lineOf({ source, field }: Ref): number | undefined {
    if (source === undefined) return undefined;
    const chunk = this.chunkAt(source);
    const at = (node: unknown) => lineIn(chunk, node);
    let node: unknown = objectAt(chunk.document.contents, source.line, at);
    let line = source.line;
    for (const key of node === undefined ? [] : pathOf(field)) {
      const child = childOf(node, key, chunk.document);
      if (!child) break;
      line = at(child.place) ?? line;
      node = child.value;
    }
    return line;
  }

  /** The document around a line: between two marks `---`, which nothing else can begin a line with. */
  private chunkAt({ file, line }: Source): Chunk {
    const text = this.texts.get(file) ?? this.read(file).split(/\r?\n/);
    this.texts.set(file, text);
    const isMark = (index: number) => /^(---|\.\.\.)(\s|$)/.test(text[index]);
    let first = Math.min(line, text.length) - 1;
    while (first > 0 && !isMark(first - 1)) first--;
    const known = this.chunks.get(`${file}:${first}`);
    if (known) return known;
    let last = line - 1;
    while (last < text.length && !isMark(last)) last++;
    const lines = new LineCounter();
    const document = parseDocument(text.slice(first, last).join('\n'), {
      version: '1.1',
      merge: true,
      lineCounter: lines,
      logLevel: 'error',
    });
    const chunk = { before: first, document, lines };
    this.chunks.set(`${file}:${first}`, chunk);
    return chunk;
  }
}

function lineIn({ before, lines }: Chunk, node: unknown): number | undefined {
  const offset = (node as Node | null | undefined)?.range?.[0];
  return offset === undefined ? undefined : before + lines.linePos(offset).line;
}

/** The object that begins on a line: the document, of which comments may come first, or an item of a List. */
function objectAt(document: unknown, line: number, at: (node: unknown) => number | undefined): unknown {
  return line <= (at(document) ?? 0) ? document : itemAt(document, line, at);
}

function itemAt(node: unknown, line: number, at: (node: unknown) => number | undefined): unknown {
  const items = isMap(node) ? node.get('items', true) : undefined;
  for (const item of isSeq(items) ? items.items : []) {
    const found = at(item) === line ? item : itemAt(item, line, at);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Child {
  readonly place: unknown;
  readonly value: unknown;
}

/** What stands at a key, index or name, and what begins there: where an anchor holds it, at the anchor. */
function childOf(alias: unknown, key: string, document: Document): Child | undefined {
  const node = isAlias(alias) ? alias.resolve(document) : alias;
  if (isMap(node)) {
    const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === key);
    return pair ? { place: pair.key, value: pair.value } : mergedChildOf(node.items, key, document);
  }
  if (!isSeq(node)) return undefined;
  const isNamed = (item: unknown) => isMap(item) && item.get('name') === key;
  const item = /^\d+$/.test(key) ? node.items[Number(key)] : node.items.find(isNamed);
  return item === undefined ? undefined : { place: item, value: item };
}

/** A key of what is merged into a map by `<<`, of which the first that has it counts. */
function mergedChildOf(
  items: readonly { readonly key: unknown; readonly value: unknown }[],
  key: string,
  document: Document,
): Child | undefined {
  for (const { key: merge, value } of items) {
    if (!isScalar(merge) || (merge.value !== '<<' && merge.source !== '<<')) continue;
    const all = isSeq(value) ? value.items : [value];
    for (const one of all) {
      const child = childOf(one, key, document);
      if (child) return child;
    }
  }
  return undefined;
}

/** `spec.http[0].match`, `spec.subsets[v1]` and `metadata.labels[example.com/x]` as keys. */
const pathOf = (field: string): string[] =>
  [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, inBrackets, key]) => inBrackets ?? key);
