import type { ExposureSummary, MeshFacts, PeeringSummary } from '../../facts/fleet';
import { isHttp, type Protocol } from '../../facts/port';
import type { Call } from '../run/call';
import { egressOf } from '../stated/callers';
import { oneName, serviceOfHost } from '../world/outside';
import { allowedCaller, type Caller, STRANGER } from './callers';
import type { Claim } from './claim';
import { type Fulfilment, fulfilled, unfulfilled } from './conditions';
import { type Entry, entriesOf } from './entries';
import type { NamedRequests } from './named-requests';
import { outsideClaims } from './outside-claims';
import { allowedRequest, deniedRequests, meets, namedRequests, type Request } from './requests';
import { allowedOf, type RoutedRequests } from './routed-requests';
import type { Stated } from './stated';

/** At most so many ways to an exposure are called, and so many of its access rules at each. */
const MOST_ENTRIES = 3;
const MOST_RULES = 3;

/** Requests that objects in the way tell apart from others. */
export interface Asked {
  readonly named: NamedRequests;
  readonly routed: RoutedRequests;
}

/** What a program states about the calls of one exposure: some that are answered, some that are not. */
export function claimsOf(stated: Stated, peering: PeeringSummary, exposure: ExposureSummary, asked: Asked): Claim[] {
  const { consumer, provider } = stated.parties(peering);
  const claims = consumer ? ownClaims(stated, peering, exposure, { consumer, provider, ...asked }) : [];
  return [...claims, ...outsideClaims(stated, peering, exposure, asked.routed)];
}

function ownClaims(
  stated: Stated,
  peering: PeeringSummary,
  exposure: ExposureSummary,
  {
    consumer,
    provider,
    named,
    routed,
  }: Asked & { readonly consumer: MeshFacts; readonly provider: MeshFacts | undefined },
): Claim[] {
  const { access, protocol } = exposure;
  const entries = entriesOf(consumer, peering, exposure, stated.domainOf(consumer)).slice(0, MOST_ENTRIES);
  const claims: (Claim & { readonly entry: Entry })[] = [];
  // what is denied is denied by the provider, or by the egress gateway before a server of somebody else
  const isDecided = provider !== undefined || peering.decidedBy === 'egress';
  for (const [index, entry] of entries.entries()) {
    const somewhere = { mesh: consumer, namespace: usualNamespace(consumer, entry) };
    const claim = (
      caller: Caller,
      request: Request,
      isServed: boolean,
      because: string,
      made?: Fulfilment & Pick<Call, 'headers'>,
    ): void => {
      const isFirst = !claims.some((one) => one.isThorough && one.entry === entry);
      const isThorough = isServed && (isFirst || made !== undefined);
      const call = { ...callOf(entry, protocol, request), ...(made ?? fulfilled(exposure)) };
      claims.push({ peering, exposure, caller, call, isServed, isThorough, because, entry });
    };
    const rules = access.length > 0 ? access : [{ kind: isHttp(protocol) ? ('http' as const) : ('tcp' as const) }];
    for (const rule of rules.slice(0, index === 0 ? MOST_RULES : 1)) {
      const request = allowedRequest(rule, protocol, entry.paths, entry.before);
      const found = request && allowedCaller(somewhere, [peering.callers, entry.callers], rule);
      if (!request || !found) continue;
      const caller = { ...found, ...(peering.mounts ? { mounts: peering.mounts } : {}) };
      const isAllowed = access.length > 0;
      if (!isAllowed && !isDecided) continue;
      claim(caller, request, isAllowed, isAllowed ? 'an access rule allows it' : 'it has no access rule');
      if (index > 0 || rule !== rules[0] || !isDecided || !isAllowed) continue;
      for (const other of deniedRequests(
        stated.rulesFor(peering, exposure),
        request,
        protocol,
        entry.paths,
        entry.before,
      )) {
        claim(caller, other, false, 'no access rule allows it');
      }
      if (provider && isHttp(protocol)) {
        const all = stated.rulesOfService(peering, exposure);
        for (const other of namedRequests(all, request, named.of(provider, exposure), entry.paths, entry.before)) {
          claim(caller, other, false, 'a policy names it, and no access rule allows it');
        }
        const leadsHere = (path: string) =>
          (entry.paths ?? ['/*']).some((one) => meets(one, path)) && !entry.before?.some((one) => meets(one, path));
        const asked = routed.of(provider, exposure, stated.domainOf(provider), request);
        for (const { headers, ...other } of allowedOf(asked, rule, request, leadsHere)) {
          const made = { ...fulfilled(exposure), ...(Object.keys(headers).length > 0 && { headers }) };
          claim(caller, other, true, 'an access rule allows it, and a route is about it', made);
        }
      }
      for (const { made, because } of unfulfilled(stated, peering, exposure)) {
        claim(caller, request, false, because, made);
      }
      for (const { stranger, because } of strangers(stated, peering, exposure, consumer, caller)) {
        claim(stranger, request, false, because);
      }
    }
  }
  return claims;
}

/** Callers like an allowed one whom nothing names. */
function strangers(
  stated: Stated,
  peering: PeeringSummary,
  exposure: ExposureSummary,
  consumer: MeshFacts,
  allowed: Caller,
): { readonly stranger: Caller; readonly because: string }[] {
  const { callers, tls } = peering;
  const from = stated.rulesFor(peering, exposure).map((rule) => rule.from);
  const found: { stranger: Caller; because: string }[] = [];
  const accounts = from.every((list) => list?.every((one) => !one.endsWith('*')));
  const isClosed = !isDirect(peering) && isClosedAt(consumer, exposure) && tls !== 'application';
  if (accounts) {
    found.push({ stranger: { ...allowed, serviceAccount: STRANGER }, because: 'no access rule names its identity' });
  } else if (callers?.serviceAccounts && isClosed) {
    found.push({ stranger: { ...allowed, serviceAccount: STRANGER }, because: 'it is none of the callers' });
  }
  const isNamespaced = from.every((list) => list?.every((one) => one.split('/').length > 2));
  const isVerified = tls === 'mutual' || tls === 'mesh';
  // who does not see a host of somebody else goes around the gateway, where the mesh lets it
  const isLed = stated.parties(peering).provider !== undefined || callers === undefined;
  if (isLed && (isNamespaced || (callers && isClosed && isVerified))) {
    const stranger = { cluster: allowed.cluster, namespace: STRANGER };
    found.push({
      stranger,
      because: isNamespaced ? 'no access rule names its namespace' : 'it is none of the callers',
    });
  }
  return found;
}

const isDirect = ({ strategy }: PeeringSummary): boolean => strategy === 'DirectPeering';

/** Whether the consumer's egress gateway refuses what nobody allows. */
const isClosedAt = (consumer: MeshFacts, exposure: ExposureSummary): boolean =>
  egressOf(consumer, exposure)?.denyByDefault ?? false;

/** Where callers are of whom nothing is said: with the host that they dial, else in any namespace of the mesh. */
function usualNamespace({ namespaces, gateways, controlPlane }: MeshFacts, { host }: Entry): string {
  const ofGateways = new Set([...gateways.map(({ namespace }) => namespace), controlPlane.namespace]);
  const own = serviceOfHost(host)?.namespace;
  if (own !== undefined && namespaces.includes(own)) return own;
  return namespaces.find((one) => !ofGateways.has(one)) ?? own ?? 'default';
}

/** A call of an entry, as one would make it from a shell in a pod. */
function callOf({ host: given, port }: Entry, protocol: Protocol, { method, path }: Request): Omit<Call, 'from'> {
  const host = oneName(given);
  if (protocol === 'tls' || protocol === 'tcp') return { url: `${protocol}://${host}:${port}` };
  return { url: `http://${host}:${port}${path}`, ...(method === 'GET' ? {} : { method }) };
}
