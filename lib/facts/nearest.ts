/**
 * The known name that another one is most likely a misspelling of; undefined where none is near.
 *
 * @param edits how many letters may be wrong.
 */
export function nearest(name: string, known: Iterable<string>, edits = name.length < 5 ? 1 : 2): string | undefined {
  let best: string | undefined;
  let least = edits;
  for (const candidate of known) {
    if (candidate === name || Math.abs(candidate.length - name.length) > least) continue;
    const needed = distance(name, candidate, least);
    const isNearer = needed < least || (needed === least && best === undefined);
    if (isNearer && mayBeMeant(name, candidate)) [best, least] = [candidate, needed];
  }
  return best;
}

/** `team-a` and `team-b`, `prod1` and `prod2`, `shop` and `shop-eu` are names of their own. */
function mayBeMeant(one: string, other: string): boolean {
  const [a, b] = [one.split('-'), other.split('-')];
  if (a.length !== b.length) return one.replaceAll('-', '') === other.replaceAll('-', '');
  return a.every((part, index) => {
    const twin = b[index];
    if (part === twin) return true;
    return Math.min(part.length, twin.length) > 2 && part.replace(/\d+$/, '') !== twin.replace(/\d+$/, '');
  });
}

/**
 * Letters that are put in, left out, replaced, or swapped with their neighbour (optimal string alignment).
 *
 * @param most from where on the number does not matter.
 */
function distance(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row[j] = Math.min(replaced, last[j] + 1, row[j - 1] + 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    // a swap looks two rows back
    if (Math.min(...row) > most && Math.min(...last) > most) return Number.POSITIVE_INFINITY;
    [before, last] = [last, row];
  }
  return last[b.length];
}
