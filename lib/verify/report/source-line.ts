import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Ref, Source } from '../world/resource';

/**
 * Lines of fields in YAML files. Files are read again only where a line is asked for: nothing that only judges pays for
 * positions.
 */
export class SourceLines {
  private readonly texts = new Map<string, string>();

  /** @param read the text of a file. */
  constructor(private readonly read: (file: string) => string = (file) => readFileSync(file, 'utf8')) {}

  /** `file:line` of the field that decided, else of its object; undefined where the object is of no file. */
  public of({ source, field }: Ref): string | undefined {
    return source && `${source.file}:${this.lineOf(source, field)}`;
  }

  private lineOf({ file, line }: Source, field: string): number {
    const text = this.texts.get(file) ?? this.read(file);
    this.texts.set(file, text);
    const lines = new LineCounter();
    const documents = parseAllDocuments(text, { version: '1.1', lineCounter: lines });
    const at = (offset: number) => lines.linePos(offset).line;
    const document = documents.filter(({ contents }) => contents?.range && at(contents.range[0]) <= line).pop();
    // an object of a List begins later than its document
    const start = document?.contents?.range ? at(document.contents.range[0]) : undefined;
    if (!document || start !== line) return line;
    let node: unknown = document.contents;
    let offset: number | undefined;
    for (const key of pathOf(field)) {
      const child = childOf(node, key);
      if (!child) break;
      ({ offset, value: node } = child);
    }
    return offset === undefined ? line : at(offset);
  }
}

/** What stands at a key or index, and where the key or item begins. */
function childOf(node: unknown, key: string | number): { offset: number | undefined; value: unknown } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(key));
    return pair && { offset: (pair.key as Node).range?.[0], value: pair.value };
  }
  const item = isSeq(node) && typeof key === 'number' ? (node.items[key] as Node | undefined) : undefined;
  return item && { offset: item.range?.[0], value: item };
}

/** `spec.http[0].match` as keys. */
const pathOf = (field: string): (string | number)[] =>
  [...field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) => (index === undefined ? key : Number(index)));
