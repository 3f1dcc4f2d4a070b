/** Namespaces that see an object, by `exportTo`: `*` is all of them. */
export type Viewers = ReadonlySet<string>;

/** `.` is the object's own namespace, `~` nobody's; without a list everybody sees it. */
export function viewersOf(exportTo: readonly string[] | undefined, namespace: string): Viewers {
  if (!exportTo || exportTo.length === 0 || exportTo.includes('*')) return new Set(['*']);
  return new Set(exportTo.filter((one) => one !== '~').map((one) => (one === '.' ? namespace : one)));
}

export const isSeenIn = (viewers: Viewers, namespace: string): boolean => viewers.has('*') || viewers.has(namespace);

/** A namespace that sees both; `*` where all do. */
export function commonViewer(a: Viewers, b: Viewers): string | undefined {
  if (a.has('*')) return [...b][0];
  return b.has('*') ? [...a][0] : [...a].find((one) => b.has(one));
}

/** Objects about one thing; says of each which earlier one the same callers see. */
export class SeenBefore<T> {
  private readonly byViewer = new Map<string, T>();
  private first?: { readonly value: T; readonly viewers: Viewers };

  /** Adds one; the earlier one and a namespace that sees both (`*`: all do), if there is one. */
  public add(value: T, viewers: Viewers): { readonly value: T; readonly viewer: string } | undefined {
    if (viewers.size === 0) return undefined;
    const { first } = this;
    this.first ??= { value, viewers };
    const shared = ['*', ...viewers].find((viewer) => this.byViewer.has(viewer));
    const before = shared === undefined ? undefined : this.byViewer.get(shared);
    for (const viewer of viewers) if (!this.byViewer.has(viewer)) this.byViewer.set(viewer, value);
    if (before !== undefined && shared !== undefined) {
      return { value: before, viewer: shared === '*' ? ([...viewers][0] ?? '*') : shared };
    }
    // it is seen everywhere, and the first in some namespaces
    return first && viewers.has('*')
      ? { value: first.value, viewer: commonViewer(first.viewers, viewers) ?? '*' }
      : undefined;
  }
}
