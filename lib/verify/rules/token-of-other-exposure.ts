import { type Labels, selects } from '../../facts/labels';
import { type Found, objectsOf } from '../objects/objects';
import { splitHost } from '../registry/hosts';
import { at, type Rule } from '../rule';
import { readsAuthorization, type TokenRule } from '../view/request-authentication';
import type { AuthorizationPolicySpec, GatewaySpec, PolicyRule } from '../world/istio-types';

/** A gateway that verifies tokens for some of its hosts, and so for all of them. */
export const tokenOfOtherExposure: Rule = {
  code: 'MESH3111',
  severity: 'info',
  title: 'host of a gateway whose callers may have tokens of their own',
  why: 'a gateway verifies each token that it finds where one of its rules looks, for all of its hosts: callers that send one of another issuer there, which is meant for the service, get 401',
  fix: 'accept the finding where callers of the host send no tokens; else let the gateway look in a header of its own (fromHeaders), or expose the host through another gateway',
  reads: ['AuthorizationPolicy', 'Gateway', 'RequestAuthentication'],
  check: (input) => {
    const gateways = objectsOf<GatewaySpec>(input, 'Gateway', 'networking.istio.io');
    const policies = objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io');
    return objectsOf<RequestAuthenticationSpec>(input, 'RequestAuthentication', 'security.istio.io')
      .filter(({ spec }) => (spec.jwtRules ?? []).some(readsAuthorization))
      .flatMap((one) => {
        const isHere = ({ cluster, namespace }: Found<object>) =>
          cluster === one.cluster && namespace === one.namespace;
        const asked = new Set(
          policies.filter(isHere).flatMap(({ spec: { rules = [] } }) => rules.flatMap(hostsWithToken)),
        );
        const served = gateways
          .filter((gateway) => isHere(gateway) && selects(one.spec.selector?.matchLabels, gateway.spec.selector ?? {}))
          .flatMap(hostsOf);
        const open = [...new Set(served)].filter((host) => !asked.has(host)).sort();
        if (open.length === 0 || open.length === new Set(served).size) return [];
        return [
          {
            objects: [at(one.ref, `spec.jwtRules[${(one.spec.jwtRules ?? []).findIndex(readsAuthorization)}]`)],
            message: `${one.ref} verifies tokens in the header Authorization also for ${listed(open)}, of which no policy asks for one`,
          },
        ];
      });
  },
};

interface RequestAuthenticationSpec {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly jwtRules?: readonly TokenRule[];
}

/** Hosts of which a gateway sees requests. */
const hostsOf = ({ spec: { servers = [] } }: Found<GatewaySpec>): string[] =>
  servers
    .filter(({ port, tls }) => /^(HTTP|GRPC)/.test(port?.protocol ?? '') && !tls?.httpsRedirect)
    .flatMap(({ hosts = [] }) => hosts.map((host) => splitHost(host).host));

function hostsWithToken({ from = [], to = [], when = [] }: PolicyRule): string[] {
  const asks =
    when.some(({ key }) => key.startsWith('request.auth.')) ||
    (from.length > 0 && from.every(({ source = {} }) => source.requestPrincipals !== undefined));
  return asks ? to.flatMap(({ operation = {} }) => operation.hosts ?? []) : [];
}

const listed = (hosts: readonly string[]): string =>
  hosts.length <= 3 ? hosts.join(', ') : `${hosts.slice(0, 3).join(', ')} and ${hosts.length - 3} more`;
