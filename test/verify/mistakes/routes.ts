import { istio, type Mistake } from './mistake';

const EGRESS = '04-egress-mutual';
const PRIVATE = '07-private-gateways-http';
const TO_EGRESS = 'VirtualService prod-travel-agency/partner-via-egress @c1';

/** Mistakes about hosts, ports and routes. */
export const ROUTES: readonly Mistake[] = [
  ['the host of a route is none of its Gateway', { rule: 'MESH3073' }],
  ['a Gateway is named without its namespace', { rule: 'MESH3073' }],
  [
    'a route is for gateways and not for the mesh',
    { golden: EGRESS, object: TO_EGRESS, change: ['"mesh"', '"istio-egress/partner-egress"'] },
  ],
  ['a route matches the port of the pods', { rule: 'MESH3073' }],
  ['a route leads to the port of the pods', { rule: 'MESH3078' }],
  ['a route leads to a host that is exported to others', { rule: 'MESH3079' }],
  [
    'a route of requests behind a server of bytes',
    {
      golden: EGRESS,
      object: 'Gateway istio-egress/partner-egress @c1',
      change: ['"protocol":"HTTPS"', '"protocol":"TLS"'],
    },
  ],
  ['a subset that is not defined', { rule: 'MESH3074' }],
  [
    'a short name is read in the namespace of the object',
    {
      golden: PRIVATE,
      object: 'VirtualService istio-private-gateways/privately-exposed-services @c2',
      change: ['"host":"httpbin.bookinfo.svc.cluster.local"', '"host":"httpbin"'],
    },
  ],
  [
    'a DestinationRule is in a third namespace',
    {
      golden: PRIVATE,
      object: 'DestinationRule istio-private-gateways/c2 @c1',
      change: ['"namespace":"istio-private-gateways"', '"namespace":"default"'],
    },
  ],
  ['a DestinationRule of the callers hides that of the service', { rule: 'MESH3062' }],
  ['two DestinationRules of one host with settings for all of it', { rule: 'MESH3063' }],
  [
    'exportTo leaves the egress gateway out',
    {
      golden: EGRESS,
      object: 'ServiceEntry prod-travel-agency/partner-insurances @c1',
      change: ['".","istio-egress"', '"."'],
    },
  ],
  [
    'exportTo names everybody and others',
    {
      admission: istio(
        'ServiceEntry',
        '{ hosts: [a.example], exportTo: ["*", "."], resolution: DNS, ports: [{ number: 80, name: http, protocol: HTTP }] }',
      ),
    },
  ],
  ['a namespace is misspelt', { rule: 'MESH3051' }],
  [
    'a Gateway selects no pod',
    {
      golden: EGRESS,
      object: 'Gateway istio-egress/partner-egress @c1',
      change: ['"egressgateway"', '"egresgateway"'],
    },
  ],
  [
    'the Service of a gateway lacks the port',
    { golden: EGRESS, object: 'Gateway istio-egress/partner-egress @c1', change: ['"number":443', '"number":8444'] },
  ],
  ['two Gateways with one host and port', { rule: 'MESH3066' }],
  [
    'the authority is not that of the next gateway',
    {
      golden: PRIVATE,
      object: 'VirtualService istio-private-gateways/httpbin-egress @c1',
      change: ['"authority":"c2.example.com"', '"authority":"httpbin"'],
    },
  ],
  [
    'paths of two gateways do not mirror each other',
    {
      golden: PRIVATE,
      object: 'VirtualService istio-private-gateways/httpbin-egress @c1',
      change: ['/bookinfo/httpbin/', '/bookinfo/http-bin/'],
    },
  ],
  [
    'a broad rule stands above a narrow one',
    {
      admission: istio(
        'VirtualService',
        '{ hosts: [a.example], http: [{ route: [{ destination: { host: a.example } }] }, { match: [{ uri: { prefix: /b } }], route: [{ destination: { host: b.example } }] }] }',
      ),
    },
  ],
  ['rules leave requests over', { rule: 'MESH3050' }],
  [
    'weights that are none',
    {
      admission: istio(
        'VirtualService',
        '{ hosts: [a.example], http: [{ route: [{ destination: { host: a.example }, weight: -1 }] }] }',
      ),
    },
  ],
  [
    'outside hosts are blocked and nobody registers one',
    { golden: EGRESS, object: 'ServiceEntry prod-travel-agency/partner-insurances @c1' },
  ],
  ['HTTP to port 443', { rule: 'MESH3057' }],
  ['TLS to port 80', { rule: 'MESH3056' }],
  ['a port of TLS whose protocol begins in clear text', { rule: 'MESH3058' }],
  [
    'bytes for a host without an address',
    {
      undecidable:
        'istiod allots an address where proxies answer DNS; where they do not, a trace with that fact says which host gets the bytes',
    },
  ],
  ['two hosts with one virtual IP', { rule: 'MESH3086' }],
  [
    'a host that no DNS server knows',
    { golden: '11-shared-root-auto-passthrough', object: 'ServiceEntry foo/httpbin-bar @c1' },
  ],
  ['two VirtualServices for one host of the mesh', { rule: 'MESH3064' }],
  ['two ServiceEntries for the host of an exposure', { rule: 'MESH3065' }],
  ['a Sidecar hides a host', { rule: 'MESH3068' }],
  ['an alias without a route', { rule: 'MESH3002' }],
  [
    'an ExternalName Service as destination',
    { undecidable: 'it depends on the version and on what the name means to DNS; a trace with facts of DNS says it' },
  ],
  [
    'two consumers send one SNI to a gateway',
    {
      refused: 'MESH1235',
      byHand: 'a trace says who answers; that it is the wrong one, `calls.json` of `multimesh test` says',
    },
  ],
  ['endpoints whose ports are called otherwise than those of the Service', { rule: 'MESH3089' }],
  ['a Gateway is named that is not there', { rule: 'MESH3082' }],
  ['a route leads to a host that nobody registers', { rule: 'MESH3081' }],
  ['a Route leads to a port that its Service lacks', { rule: 'MESH3076' }],
  ['a Route ends TLS before a gateway that asks for certificates', { rule: 'MESH3087' }],
  ['a Route passes on TLS of a host that the gateway behind it does not serve', { rule: 'MESH3122' }],
  [
    'a node port and the port of the gateway are mixed up',
    {
      golden: '07-private-gateways-http',
      object: 'ServiceEntry istio-private-gateways/c2 @c1',
      change: ['"number":15443', '"number":15444'],
    },
  ],
  ['NetworkPolicies close a namespace that calls outside directly', { rule: 'MESH3059' }],
];
