import type { Event } from 'js-yaml';
import { jsYaml } from './packages';

/** A node that is open, and where inside. */
interface Open {
  readonly isDocument: boolean;
  /** Of a map with a key per line: whether a key is next. Undefined of all others. */
  isKey?: boolean;
}

/** Offsets at which the documents of a text begin; undefined where there is more in them than plain objects. */
export function plainStarts(text: string, events: readonly Event[]): number[] | undefined {
  const { CHOMPING_MODE, COLLECTION_STYLE, EVENT_ID, SCALAR_STYLE } = jsYaml();
  const starts: number[] = [];
  const open: Open[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    if (event.type === EVENT_ID.DOCUMENT) {
      if (event.directives.length > 0) return undefined;
      open.push({ isDocument: true });
      continue;
    }
    if (event.type === EVENT_ID.ALIAS || event.anchorStart >= 0 || event.tagStart >= 0) return undefined;
    const isScalar = event.type === EVENT_ID.SCALAR;
    // of empty lines at the end readers do not keep the same ones, where they are asked to
    if (isScalar && event.chomping === CHOMPING_MODE.KEEP) return undefined;
    const start = isScalar ? event.valueStart : event.start;
    const inside = open[open.length - 1];
    if (inside.isDocument) {
      if (event.type !== EVENT_ID.MAPPING && start >= 0) return undefined;
      starts.push(Math.max(start, 0));
    }
    if (inside.isKey !== undefined) {
      const isBlock = isScalar && event.style >= SCALAR_STYLE.LITERAL_BLOCK;
      if (inside.isKey && (isBlock || !standsFirst(text, start))) return undefined;
      inside.isKey = !inside.isKey;
    }
    if (isScalar) continue;
    const hasLines = event.type === EVENT_ID.MAPPING && event.style === COLLECTION_STYLE.BLOCK;
    open.push({ isDocument: false, ...(hasLines && { isKey: true }) });
  }
  return starts;
}

/** Whether nothing but marks of list items is before a key on its line: js-yaml 5.5 takes one behind an item in quotes. */
function standsFirst(text: string, start: number): boolean {
  let before = start - 1;
  if (text[before] === '"' || text[before] === "'") before--;
  while (text[before] === ' ' || text[before] === '-') before--;
  return start >= 0 && (before < 0 || text[before] === '\n');
}
