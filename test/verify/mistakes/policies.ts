import { istio, type Mistake } from './mistake';

const PRIVATE = '07-private-gateways-http';
const PEER = 'AuthorizationPolicy istio-private-gateways/c1 @c2';

/** Mistakes about who may call. */
export const POLICIES: readonly Mistake[] = [
  [
    'a policy names the port of the Service',
    {
      golden: '09-private-gateways-tcp',
      object: 'AuthorizationPolicy istio-private-gateways/c1 @c2',
      change: ['"31400"', '"443"'],
    },
  ],
  ['a principal with its scheme', { rule: 'MESH3075' }],
  [
    'a principal of an account that nobody has',
    {
      golden: PRIVATE,
      object: 'AuthorizationPolicy bookinfo/httpbin-from-gateway @c2',
      change: ['sa/istio-private-ingressgateway', 'sa/istio-private-ingressgateway-service-account'],
    },
  ],
  [
    'an ALLOW for one consumer cuts the others',
    { golden: PRIVATE, object: 'AuthorizationPolicy istio-private-gateways/c3 @c2' },
  ],
  ['an ALLOW at a workload cuts callers that a route leads there', { rule: 'MESH3010' }],
  [
    'fields of HTTP for a server of bytes',
    {
      golden: '09-private-gateways-tcp',
      object: 'AuthorizationPolicy istio-private-gateways/c1 @c2',
      change: ['"ports":["31400","31401"]', '"methods":["GET"]'],
    },
  ],
  [
    'a policy for the gateway in the namespace of the service',
    { golden: PRIVATE, object: PEER, change: ['"namespace":"istio-private-gateways"', '"namespace":"bookinfo"'] },
  ],
  [
    'an EnvoyFilter with fields of long ago',
    { admission: istio('EnvoyFilter', '{ filters: [{ listenerMatch: { portNumber: 80 }, filterName: a }] }') },
  ],
  ['kinds of long ago', { rule: 'MESH3121' }],
  [
    'an EnvoyFilter for the port of the Service',
    {
      golden: '08-private-gateways-http-envoyfilter',
      object: 'EnvoyFilter',
      change: ['"portNumber":15443', '"portNumber":443'],
    },
  ],
  [
    'paths as they are after the rewrite',
    { golden: PRIVATE, object: PEER, change: ['/bookinfo/httpbin/*', '/status/*'] },
  ],
  ['an ALLOW opens a closed gateway', { rule: 'MESH3067' }],
  ['the mesh is STRICT, and callers are told to send clear text', { rule: 'MESH3069' }],
  [
    'a mesh-wide rule for a server outside of the mesh',
    {
      golden: '15-mtls-modes-plain-external',
      object: 'DestinationRule client/greeting @c1',
      change: ['DISABLE', 'ISTIO_MUTUAL'],
    },
  ],
  ['paths with escaped slashes', { rule: 'MESH3011' }],
];
