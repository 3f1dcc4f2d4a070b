import { objectsOf } from '../objects/objects';
import { at, type ClusterRule } from '../rule';

/** Kinds that Istio had, by group, and what took their place. */
const GONE = [
  {
    group: 'rbac.istio.io',
    kinds: ['ClusterRbacConfig', 'RbacConfig', 'ServiceRole', 'ServiceRoleBinding'],
    since: '1.6',
    instead: 'AuthorizationPolicy',
  },
  {
    group: 'authentication.istio.io',
    kinds: ['MeshPolicy', 'Policy'],
    since: '1.6',
    instead: 'PeerAuthentication and RequestAuthentication',
  },
  {
    group: 'config.istio.io',
    kinds: ['handler', 'instance', 'rule'],
    since: '1.8',
    instead: 'Telemetry or EnvoyFilter',
  },
] as const;

/** Objects of kinds that no version of Istio has had for years. Other operators have no kinds in these groups. */
export const kindsOfLongAgo: ClusterRule = {
  code: 'MESH3121',
  severity: 'error',
  scope: 'cluster',
  title: 'kind that Istio no longer has',
  why: 'the API server knows no such kind, or keeps an object that istiod never reads: what it shall close is open',
  fix: 'write the kind that took its place',
  reads: GONE.flatMap(({ kinds }) => [...kinds]),
  check: (input) =>
    GONE.flatMap(({ group, kinds, since, instead }) =>
      kinds.flatMap((kind) =>
        objectsOf(input, kind, group).map(({ ref }) => ({
          objects: [at(ref, 'kind')],
          message: `${ref} is of ${group}, which Istio has not read since ${since}; ${instead} took its place`,
        })),
      ),
    ),
};
