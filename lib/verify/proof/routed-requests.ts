import type { AccessFacts } from '../../facts/access';
import type { ExposureSummary, MeshFacts } from '../../facts/fleet';
import type { Labels } from '../../facts/labels';
import { Memo } from '../../facts/memo';
import { Texts } from '../explore/texts';
import { fullName, hostsMatch } from '../registry/hosts';
import type { ClusterObjects } from '../settled';
import { answeringHost, arrivingHost } from '../stated/exposure';
import { matchesText, type TextMatch } from '../view/condition';
import type { HttpMatch, StringMatch, VirtualServiceSpec } from '../world/istio-types';
import type { Resource } from '../world/resource';
import { allows, type Request } from './requests';

/** A request for which a route has a rule of its own, as callers make it. */
export interface RoutedRequest extends Partial<Request> {
  readonly headers: Labels;
}

/** At most so many of one exposure are called. */
const MOST_ROUTED = 4;

/**
 * Requests that VirtualServices at the gateway of an exposure tell apart: of routes beside each other one may fail, or change
 * what it leads on, and only a call of its own shows it.
 */
export class RoutedRequests {
  private readonly routes = new Memo<readonly Resource<VirtualServiceSpec>[]>();
  private readonly texts = new Texts();

  constructor(private readonly objects: ClusterObjects) {}

  /**
   * Those of a provider of ours; what leads elsewhere is about something else.
   *
   * @param known a request that is called anyway.
   */
  public of(provider: MeshFacts, exposure: ExposureSummary, domain: string, known: Request): RoutedRequest[] {
    const { arrival, wire } = exposure;
    const name = arrivingHost(exposure);
    if (arrival === undefined || name === undefined) return [];
    const server = answeringHost(exposure, domain);
    const matches = this.gatewayRoutes(provider.cluster)
      .filter(({ spec }) => spec.hosts?.some((one) => hostsMatch(one, name)))
      .flatMap(({ spec: { http = [] }, namespace: own }) =>
        http.filter(({ route = [] }) => {
          const goals = route.map(({ destination }) => fullName(destination.host ?? '', own, domain));
          return goals.length === 0 || (server !== undefined && goals.includes(server));
        }),
      )
      .flatMap(({ match = [] }) => match);
    const prefix = wire?.prefix ?? '/';
    const called = { ...known, path: prefix + known.path.slice(1) };
    return matches.filter((match) => !isAbout(match, called)).flatMap((match) => this.requestOf(match, prefix) ?? []);
  }

  /** One that a match is about, with a path as it is before the prefix that tells exposures apart. */
  private requestOf({ uri, method, headers = {}, queryParams }: HttpMatch, prefix: string): RoutedRequest | undefined {
    const path = uri && this.textOf('path', uri, prefix);
    const asked = method && this.textOf('method', method);
    const entries = Object.entries(headers).map(([name, one]) => [name, this.textOf(`header ${name}`, one) ?? 'x']);
    const [query] = Object.entries(queryParams ?? {}).map(([name, { exact = 'x' }]) => `${name}=${exact}`);
    if ((uri && path === undefined) || (method && asked === undefined)) return undefined;
    const own = path === undefined ? undefined : `/${path.slice(prefix.length)}`;
    return {
      ...((own ?? query) !== undefined && { path: `${own ?? '/'}${query === undefined ? '' : `?${query}`}` }),
      ...(asked !== undefined && { method: asked }),
      headers: Object.fromEntries(entries),
    };
  }

  private textOf(
    part: 'path' | 'method' | `header ${string}`,
    match: StringMatch,
    prefix?: string,
  ): string | undefined {
    const behind: TextMatch[] = prefix === undefined ? [] : [{ kind: 'prefix', value: prefix }];
    const answers = [textMatch(match), ...behind].map((one) => ({ match: one, steps: [], answer: true }));
    this.texts.renew();
    const found = this.texts.find(part, answers);
    return typeof found === 'object' ? found.text : undefined;
  }

  private gatewayRoutes(cluster: string): readonly Resource<VirtualServiceSpec>[] {
    return this.routes.get(cluster, () =>
      (this.objects.in(cluster) as readonly Resource<VirtualServiceSpec>[]).filter(
        ({ kind, spec }) => kind === 'VirtualService' && spec.gateways?.some((one) => one !== 'mesh'),
      ),
    );
  }
}

/** Whether a match is about a request of which it asks no more than path and method. */
function isAbout({ uri, method, headers, withoutHeaders, queryParams }: HttpMatch, request: Request): boolean {
  const asksMore = [headers, withoutHeaders, queryParams].some((asked) => Object.keys(asked ?? {}).length > 0);
  const fits = (match: StringMatch | undefined, text: string) =>
    match === undefined || matchesText(textMatch(match), text);
  return !asksMore && fits(uri, request.path) && fits(method, request.method);
}

function textMatch({ exact, prefix, regex }: StringMatch): TextMatch {
  if (exact !== undefined) return { kind: 'exact', value: exact };
  return prefix !== undefined ? { kind: 'prefix', value: prefix } : { kind: 'regex', value: regex ?? '.*' };
}

/** Of those requests the ones that an access rule allows, each like one that it allows. */
export function allowedOf(
  routed: readonly RoutedRequest[],
  rule: AccessFacts,
  allowed: Request,
  leadsHere: (path: string) => boolean = () => true,
): (Request & { readonly headers: Labels })[] {
  const found = new Map<string, Request & { readonly headers: Labels }>();
  for (const one of routed) {
    const request = { ...allowed, ...one };
    const isOther = JSON.stringify(request) !== JSON.stringify({ ...allowed, headers: {} });
    const [path] = request.path.split('?');
    const isMeant = isOther && allows(rule, { ...request, path }) && leadsHere(path);
    if (isMeant && found.size < MOST_ROUTED) found.set(JSON.stringify(request), request);
  }
  return [...found.values()];
}
