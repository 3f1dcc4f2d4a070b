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
    const needed = least === 1 ? (isOneOff(name, candidate) ? 1 : 2) : distance(name, candidate);
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

/** Whether one letter is put in, left out, replaced or swapped with its neighbour: `distance` of 1. */
function isOneOff(a: string, b: string): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const rest = (text: string, from: number) => text.slice(same + from);
  return (
    (rest(a, 1) === rest(b, 1) && a !== b) ||
    rest(a, 1) === rest(b, 0) ||
    rest(a, 0) === rest(b, 1) ||
    (a[same] === b[same + 1] && a[same + 1] === b[same] && rest(a, 2) === rest(b, 2))
  );
}

/** Letters that are put in, left out, replaced, or swapped with their neighbour (optimal string alignment). */
function distance(a: string, b: string): number {
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
    [before, last] = [last, row];
  }
  return last[b.length];
}
