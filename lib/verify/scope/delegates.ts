import type { HttpMatch, HttpRoute, StringMatch } from '../world/istio-types';

/** Routes of a delegate below a root's route; those that contradict it vanish (`model.MergeHTTPRoutes`). */
export function mergeDelegate(root: HttpRoute, delegate: HttpRoute): HttpRoute | undefined {
  const match = mergeMatches(root.match ?? [], delegate.match ?? []);
  if (match === undefined) return undefined;
  const { match: _, delegate: __, route: ___, redirect: ____, ...inherited } = root;
  return { ...inherited, ...delegate, ...(match.length > 0 ? { match } : {}) };
}

/** Every match of the delegate must fit below one of the root's; undefined where one does not. */
function mergeMatches(root: readonly HttpMatch[], delegate: readonly HttpMatch[]): readonly HttpMatch[] | undefined {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root;
  const merged = delegate.map((leaf) =>
    root.filter((one) => !conflicts(one, leaf)).map((one) => mergeMatch(one, leaf)),
  );
  return merged.some((fits) => fits.length === 0) ? undefined : merged.flat();
}

function mergeMatch(root: HttpMatch, leaf: HttpMatch): HttpMatch {
  const gateways = leaf.gateways?.length ? leaf.gateways : root.gateways;
  return {
    ...root,
    ...leaf,
    // istiod copies the leaf, and of the root only what the leaf lacks; this flag it takes from the leaf alone
    ignoreUriCase: leaf.ignoreUriCase ?? false,
    headers: { ...root.headers, ...leaf.headers },
    withoutHeaders: { ...root.withoutHeaders, ...leaf.withoutHeaders },
    queryParams: { ...root.queryParams, ...leaf.queryParams },
    sourceLabels: { ...root.sourceLabels, ...leaf.sourceLabels },
    ...(gateways ? { gateways } : {}),
  };
}

/** `model.hasConflict`. */
function conflicts(root: HttpMatch, leaf: HttpMatch): boolean {
  const pairs: [StringMatch | undefined, StringMatch | undefined][] = [
    [root.uri, leaf.uri],
    [root.scheme, leaf.scheme],
    [root.method, leaf.method],
    [root.authority, leaf.authority],
  ];
  for (const field of ['headers', 'withoutHeaders', 'queryParams'] as const) {
    for (const [key, value] of Object.entries(leaf[field] ?? {})) pairs.push([root[field]?.[key], value]);
  }
  if (pairs.some(([a, b]) => stringsConflict(a, b))) return true;
  if ((root.ignoreUriCase ?? false) !== (leaf.ignoreUriCase ?? false)) return true;
  if (root.port && leaf.port && root.port !== leaf.port) return true;
  if (root.sourceNamespace && leaf.sourceNamespace !== root.sourceNamespace) return true;
  for (const [key, value] of Object.entries(leaf.sourceLabels ?? {})) {
    if (root.sourceLabels?.[key] !== undefined && root.sourceLabels[key] !== value) return true;
  }
  if (!root.gateways?.length || !leaf.gateways?.length) return false;
  return root.gateways.length < leaf.gateways.length || leaf.gateways.some((one) => !root.gateways?.includes(one));
}

/** Whether the leaf matches anything that the root does not (`model.stringMatchConflict`). */
function stringsConflict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (!root || !leaf) return false;
  if (
    (root.regex || leaf.regex) &&
    (root.regex || root.prefix || root.exact) &&
    (leaf.regex || leaf.prefix || leaf.exact)
  ) {
    return true;
  }
  if (root.exact) return leaf.exact !== root.exact;
  if (!root.prefix) return true;
  return !(leaf.prefix || leaf.exact || '').startsWith(root.prefix) || !(leaf.prefix || leaf.exact);
}
