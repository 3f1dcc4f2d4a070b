import { isRecord } from '../../facts/record';

/** Paths that a change names, at most. */
const MOST = 5;

/** Paths of fields that differ between two versions of an object, each as deep as the two are alike; `''` where all does. */
export function changedFields(before: unknown, after: unknown): string[] {
  const found: string[] = [];
  walk(before, after, '', found);
  return found.slice(0, MOST);
}

function walk(before: unknown, after: unknown, path: string, found: string[]): void {
  if (Object.is(before, after) || found.length >= MOST) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index++) step(before[index], after[index], `${path}[${index}]`, found);
  } else if (isRecord(before) && isRecord(after)) {
    for (const key of [...new Set([...Object.keys(after), ...Object.keys(before)])].sort()) {
      step(before[key], after[key], `${path}${keyOf(key, path === '')}`, found);
    }
  } else {
    found.push(path);
  }
}

/** What one side lacks is there as a whole. */
function step(before: unknown, after: unknown, path: string, found: string[]): void {
  if (before === undefined || after === undefined) {
    if (before !== after && found.length < MOST) found.push(path);
  } else {
    walk(before, after, path, found);
  }
}

function keyOf(key: string, isFirst: boolean): string {
  if (!/^[A-Za-z_]\w*$/.test(key)) return `[${key}]`;
  return isFirst ? key : `.${key}`;
}
