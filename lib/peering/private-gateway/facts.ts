import type { EndpointFacts, ExposedService, ExposureFacts, MutualEnds } from '../../facts/exposure';
import { isHttp, type Protocol } from '../../facts/port';
import type { ToldApart } from '../../mesh/peer-policy';

/** What is the same for all exposures of a peering of private gateways. */
export interface PrivateCommon {
  /** Who is at the ends of the hop. */
  readonly tls: MutualEnds;
  /** The provider gateway's one host: server name of the hop, and authority of its requests. */
  readonly host: string;
}

/** What both sides agree on about one exposure between private gateways. */
export interface PrivateFacts extends ExposureFacts {
  /** Host that nobody dials: by it the consumer's gateway tells its exposures apart. */
  readonly passage: string;
  /** How the provider's gateway is reached. */
  readonly endpoint: EndpointFacts;
  /** How the hop is protected, with the server name that it is made with. */
  readonly tls: MutualEnds & { readonly sni: string };
  /** How the provider's gateway tells the exposure apart. */
  readonly toldApart: ToldApart;
}

/**
 * Host of an exposure inside the consumer's gateway. The port stands where a service's name never is (it begins with a
 * letter), so different exposures, also of different gateways, never have one host.
 */
export function passageHost({ namespace, name, port, subset }: ExposedService, host: string): string {
  const labels = [...(subset === undefined ? [] : [subset]), String(port), name, namespace, host];
  return labels.filter((label) => label !== undefined).join('.');
}

/**
 * Prefix of an exposure's requests: as many parts for every one, so that none begins another, whatever the order of
 * routes. `_` is no subset.
 */
function pathPrefix({ namespace, name, port, subset }: ExposedService): string {
  return `/${namespace}/${name}/${port}/${subset ?? '_'}/`;
}

/** What flows between the gateways: requests, the application's own TLS inside the hop's, or any bytes. */
export function flowOf(protocol: Protocol): 'requests' | 'tls' | 'bytes' {
  if (isHttp(protocol)) return 'requests';
  return protocol === 'tls' ? 'tls' : 'bytes';
}

/** How the provider's gateway tells an exposure apart, whose hop has this server name. */
export function toldApart(service: ExposedService, sni: string): ToldApart {
  switch (flowOf(service.protocol)) {
    case 'requests':
      return { by: 'path', prefix: pathPrefix(service) };
    case 'tls':
      return { by: 'sni', sni };
    case 'bytes':
      return { by: 'port', sni };
  }
}
