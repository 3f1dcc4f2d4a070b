import { isDeepStrictEqual } from 'node:util';
import { Lazy } from 'cdk8s';
import * as istio from '../../../imports/istio';
import { MeshError } from '../../facts/error';
import { objectName } from '../../facts/names';
import { sha256 } from '../../facts/sha256';
import { attached } from '../../fleet/attached';
import type { Gateway } from '../../mesh/gateway';
import type { JwtRule } from '../../trust/jwt-rule';

/** Tokens of one issuer at one gateway, for all exposures that take them. */
interface Issuer {
  readonly first: JwtRule;
  /** Construct path of the peering that stated it first. */
  readonly where: string;
  /** Whom its tokens are for; undefined where it is anybody. */
  audiences: ReadonlySet<string> | undefined;
}

/**
 * Lets a gateway verify tokens: a RequestAuthentication for each issuer, in the gateway's chart, which all exposures
 * share that take its tokens. It requires none: which exposure asks for which token is in their policies, so
 * that other exposures of the gateway go on without.
 *
 * @throws MESH1156 for an issuer with other keys or places than another exposure states.
 */
export function writeRequestAuthentications(gateway: Gateway, rules: readonly JwtRule[], where: string): void {
  for (const rule of rules) {
    const issuers = attached(gateway.atPods, 'issuers', () => new Map<string, Issuer>());
    const known = issuers.get(rule.issuer);
    if (known === undefined) {
      const issuer = { first: rule, where, audiences: rule.audiences && new Set(rule.audiences) };
      issuers.set(rule.issuer, issuer);
      writeRequestAuthentication(gateway, issuer);
    } else {
      checkSame(gateway, known, rule, where);
      known.audiences = known.audiences && rule.audiences && new Set([...known.audiences, ...rule.audiences]);
    }
  }
}

function checkSame(gateway: Gateway, { first, where: other }: Issuer, rule: JwtRule, where: string): void {
  if (isDeepStrictEqual(first.render(undefined), rule.render(undefined))) return;
  throw new MeshError(
    'MESH1156',
    where,
    `issuer '${rule.issuer}' has other keys, headers, parameters or forwarding for peering '${other}' at gateway ${gateway.node.path}, which believes a token that any rule accepts; state one JwtRule for both, of which audiences alone may differ`,
  );
}

function writeRequestAuthentication(gateway: Gateway, issuer: Issuer): void {
  const { first } = issuer;
  new istio.RequestAuthentication(gateway.chart, `RequestAuthentication ${first.issuer}`, {
    apiVersion: gateway.mesh.platform.apiVersion('RequestAuthentication'),
    metadata: {
      name: objectName(`${gateway.name}.jwt.${nameOf(first.issuer)}`, first.issuer),
      namespace: gateway.namespace,
    },
    spec: {
      selector: { matchLabels: gateway.selector },
      // lazy: audiences come with further exposures
      jwtRules: Lazy.any({ produce: () => [first.render(issuer.audiences && [...issuer.audiences].sort())] }),
    },
  });
}

/** An issuer as part of a name: what people read of it, and what tells it apart from all others. */
function nameOf(issuer: string): string {
  const words = issuer
    .replace(/^https?:\/\//, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return `${words.slice(0, 52).replace(/^-|-$/g, '')}-${sha256(issuer).slice(0, 10)}`;
}
