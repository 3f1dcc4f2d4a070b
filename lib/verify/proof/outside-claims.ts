import type { ExposureSummary, FleetDocument, PeeringSummary } from '../../facts/fleet';
import type { Labels } from '../../facts/labels';
import { isHttp } from '../../facts/port';
import type { Call } from '../run/call';
import { isIp } from '../world/addresses';
import type { CertificateFact } from '../world/facts';
import { subjectAltName } from '../world/fleet-secrets';
import type { RootNames } from '../world/root-names';
import type { Claim } from './claim';
import { fulfilled, unfulfilled } from './conditions';
import { allowedRequest, deniedRequests, type Request } from './requests';
import { allowedOf, type RoutedRequests } from './routed-requests';
import type { Stated } from './stated';

/** Certificates of clients outside of the meshes of a fleet, and of somebody whom the same authority has signed. */
export function clientCertificates(document: FleetDocument, roots: RootNames): CertificateFact[] {
  const found = new Map<string, CertificateFact>();
  for (const { client } of document.peerings) {
    if (client?.signer === undefined) continue;
    const ca = roots.nameOf(client.signer);
    const own = clientName(client.subjectAltName, ca);
    found.set(own, { name: own, ca, san: [subjectAltName(client.subjectAltName)] });
    const stranger = clientName(STRANGER_ID, ca);
    found.set(stranger, { name: stranger, ca, san: [subjectAltName(STRANGER_ID)] });
  }
  return [...found.values()];
}

const STRANGER_ID = 'spiffe://multimesh-stranger.example/client';

const clientName = (name: string, ca: string): string => `${name} signed by ${ca}`;

/** What a program states about calls that arrive from outside at a gateway of ours. */
export function outsideClaims(
  stated: Stated,
  peering: PeeringSummary,
  exposure: ExposureSummary,
  routed: RoutedRequests,
): Claim[] {
  const { consumer, provider } = stated.parties(peering);
  const { access, protocol, host, wire } = exposure;
  const isHop = host !== undefined || wire !== undefined;
  if (!provider || !exposure.arrival || !isHop || peering.tls === 'mesh') return [];
  const rule = access[0] ?? { kind: isHttp(protocol) ? 'http' : 'tcp' };
  const request = allowedRequest(rule, protocol);
  if (!request) return [];
  const good = fulfilled(exposure);
  const claim = (
    made: Request,
    as: string | undefined,
    isServed: boolean,
    because: string,
    how = good,
    headers: Labels = {},
  ): Claim => {
    const call = callOf(peering, exposure, made);
    const all = { ...call.headers, ...headers };
    return {
      peering,
      exposure,
      caller: 'outside' as const,
      isServed,
      because,
      isThorough: isServed,
      call: {
        ...{ ...call, ...how },
        ...(as === undefined ? {} : { as }),
        ...(Object.keys(all).length > 0 && { headers: all }),
      },
    };
  };
  const { client, clientCertificate } = peering;
  const ca = client?.signer && stated.roots.nameOf(client.signer);
  const own = client && ca !== undefined ? clientName(client.subjectAltName, ca) : undefined;
  const claims: Claim[] = [];
  if (!consumer) {
    const isAllowed = access.length > 0;
    claims.push(claim(request, own, isAllowed, isAllowed ? 'an access rule allows it' : 'it has no access rule'));
    const denied = isAllowed ? deniedRequests(stated.rulesFor(peering, exposure), request, protocol) : [];
    claims.push(...denied.map((other) => claim(other, own, false, 'no access rule allows it')));
    const asked = isAllowed ? routed.of(provider, exposure, stated.domainOf(provider), request) : [];
    for (const { headers, ...other } of allowedOf(asked, rule, request)) {
      claims.push(claim(other, own, true, 'an access rule allows it, and a route is about it', good, headers));
    }
    if (isAllowed) {
      for (const { made, because } of unfulfilled(stated, peering, exposure)) {
        claims.push(claim(request, own, false, because, made));
      }
    }
  }
  if (peering.tls === 'mutual' && clientCertificate !== 'optional') {
    claims.push(claim(request, undefined, false, 'it shows no client certificate'));
    if (ca !== undefined)
      claims.push(claim(request, clientName(STRANGER_ID, ca), false, 'its certificate is of somebody else'));
  }
  return claims;
}

/** The call as the consumer's proxy would make it. */
function callOf(
  { tls }: PeeringSummary,
  { host, wire, endpoint, protocol, arrival }: ExposureSummary,
  { method, path }: Request,
): Omit<Call, 'from'> {
  const sni = wire?.sni ?? host ?? '';
  const [address = sni] = endpoint?.addresses ?? [];
  const port = endpoint?.port ?? arrival?.port;
  const isClear = tls === 'plain' && protocol !== 'tls';
  const asHttp = isHttp(protocol);
  const scheme = asHttp ? (isClear ? 'http' : 'https') : isClear ? 'tcp' : 'tls';
  const rest = asHttp ? (wire?.prefix ?? '/') + path.slice(1) : '';
  return {
    url: `${scheme}://${address}:${port}${rest}`,
    ...(asHttp && method !== 'GET' ? { method } : {}),
    ...(asHttp && address !== sni ? { headers: { host: sni } } : {}),
    ...(isClear || (address === sni && !isIp(address)) ? {} : { sni }),
  };
}
