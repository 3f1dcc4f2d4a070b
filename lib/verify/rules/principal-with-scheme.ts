import { objectsOf } from '../objects';
import type { ClusterRule } from '../rule';
import type { AuthorizationPolicySpec } from '../world/istio-types';

/** A policy that names callers as certificates do, and not as policies must. */
export const principalWithScheme: ClusterRule = {
  code: 'MESH3075',
  severity: 'error',
  scope: 'cluster',
  title: "principal that begins with 'spiffe://'",
  why: 'policies compare identities without the scheme, letter by letter: an ALLOW lets nobody in (403), a DENY keeps nobody out',
  fix: "write '<trust domain>/ns/<namespace>/sa/<service account>'",
  reads: ['AuthorizationPolicy'],
  check: (input) =>
    objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io').flatMap(({ ref, spec }) => {
      const sources = (spec.rules ?? []).flatMap(({ from = [] }) => from.map(({ source = {} }) => source));
      const named = sources.flatMap(({ principals = [], notPrincipals = [] }) => [...principals, ...notPrincipals]);
      const wrong = named.filter((one) => one.startsWith('spiffe://'));
      if (wrong.length === 0) return [];
      return [
        { objects: [ref], message: `${ref} names ${wrong.map((one) => `'${one}'`).join(', ')}, which no caller has` },
      ];
    }),
};
