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

/** A field in a file, from 1; what is behind its end has `endColumn`. Without columns it is all of the line. */
export interface Region {
  readonly line: number;
  readonly column?: number;
  readonly endColumn?: number;
}

/** Where a path leads to. */
interface Field {
  readonly line: number;
  readonly chunk: Chunk;
  /** What begins on the line: a key, an item, or the object. */
  readonly place: unknown;
  readonly value: unknown;
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
  public lineOf(ref: Ref): number | undefined {
    return ref.source && this.fieldOf(ref, ref.source).line;
  }

  /** Where on its line the field stands, with its value as far as that is on the line, too. */
  public regionOf(ref: Ref): Region | undefined {
    const { source } = ref;
    if (source === undefined) return undefined;
    const { line, chunk, place, value } = this.fieldOf(ref, source);
    const { lines, before } = chunk;
    const begin = (place as Node | null | undefined)?.range?.[0];
    if (begin === undefined) return { line };
    const last = lines.lineStarts[line - before] ?? Number.POSITIVE_INFINITY;
    const ends = [place, value].flatMap((node) => (node as Node | null | undefined)?.range?.[1] ?? []);
    // a value that an alias leads to stands elsewhere, one of several lines ends elsewhere: then the key is the field
    const end = Math.max(...ends.filter((one) => one > begin && one < last), begin);
    const text = this.linesOf(source.file)[line - 1] ?? '';
    const column = lines.linePos(begin).col;
    const endColumn = end > begin ? column + end - begin : text.trimEnd().length + 1;
    return { line, column, endColumn: Math.max(endColumn, column + 1) };
  }

  /** The last node on the path of a field that there is, and where it stands. */
  private fieldOf({ object, field }: Ref, source: Source): Field {
    const chunk = this.chunkAt(source);
    const at = (node: unknown) => lineIn(chunk, node);
    const name = object.replace(/ @\S+$/, '');
    let value: unknown = objectAt(chunk.document.contents, source.line, name, at);
    let place = value;
    let { line } = source;
    for (const key of value === undefined ? [] : pathOf(field)) {
      const child = childOf(value, key, chunk.document);
      if (!child) break;
      line = at(child.place) ?? line;
      ({ place, value } = child);
    }
    return { line, chunk, place: at(place) === line ? place : undefined, value };
  }

  private linesOf(file: string): readonly string[] {
    const text =
      this.texts.get(file) ??
      this.read(file)
        .replace(/^\ufeff/, '')
        .split(/\r?\n/);
    this.texts.set(file, text);
    return text;
  }

  /** The document around a line: between two marks `---`, which nothing else can begin a line with. */
  private chunkAt({ file, line }: Source): Chunk {
    const text = this.linesOf(file);
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

/**
 * The object that begins on a line: the document, of which comments may come first, or an item of a List; of several on one
 * line, the one of the name.
 */
function objectAt(document: unknown, line: number, name: string, at: (node: unknown) => number | undefined): unknown {
  const all = [...itemsOf(document)].filter((one) => at(one) === line);
  const first = line <= (at(document) ?? 0) ? document : all[0];
  return all.find((one) => nameOf(one) === name) ?? first;
}

/** Items of a List, and of Lists in it. */
function* itemsOf(node: unknown): Generator<unknown> {
  const items = isMap(node) ? node.get('items', true) : undefined;
  for (const item of isSeq(items) ? items.items : []) {
    yield item;
    yield* itemsOf(item);
  }
}

/** `Kind namespace/name`, as references call an object. */
function nameOf(node: unknown): string | undefined {
  if (!isMap(node)) return undefined;
  const [name, namespace] = [node.getIn(['metadata', 'name']), node.getIn(['metadata', 'namespace'])];
  return `${node.get('kind')} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
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
