import { objectsOf } from '../objects/objects';
import { at, type ClusterRule } from '../rule';
import type { AuthorizationPolicySpec } from '../world/istio-types';

const LISTS = ['principals', 'notPrincipals'] as const;

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
      const sources = (spec.rules ?? []).flatMap(({ from = [] }, rule) =>
        from.map(({ source = {} }, index) => ({ source, field: `spec.rules[${rule}].from[${index}].source` })),
      );
      const named = sources.flatMap(({ source, field }) =>
        LISTS.flatMap((list) =>
          (source[list] ?? []).map((name, index) => ({ name, field: `${field}.${list}[${index}]` })),
        ),
      );
      const wrong = named.filter(({ name }) => name.startsWith('spiffe://'));
      if (wrong.length === 0) return [];
      return [
        {
          objects: wrong.map(({ field }) => at(ref, field)),
          message: `${ref} names ${wrong.map(({ name }) => `'${name}'`).join(', ')}, which no caller has`,
        },
      ];
    }),
};
