import { istio, type Mistake } from './mistake';

const EGRESS = '04-egress-mutual';
const MUTUAL = '03-sidecar-mutual-tls';
const PRIVATE = '07-private-gateways-http';
const OUR_RULE = 'DestinationRule prod-travel-agency/partner-insurances @c1';
const SECRETS = 'what a Secret holds is in no manifest; the table of Secrets says what it must hold, and where';

/** Mistakes about TLS and certificates. */
export const TLS: readonly Mistake[] = [
  [
    'the application encrypts what a DestinationRule encrypts again',
    {
      golden: '02-sidecar-simple-tls',
      object: 'ServiceEntry prod-travel-agency/partner-insurances @c1',
      change: ['"number":80,"name":"http","protocol":"HTTP"', '"number":80,"name":"https","protocol":"HTTPS"'],
    },
  ],
  [
    'the egress gateway does not see its TLS rule',
    {
      golden: EGRESS,
      object: 'DestinationRule istio-egress/partner-insurances @c1',
      change: ['"exportTo":["."]', '"exportTo":["istio-system"]'],
    },
  ],
  ['no DestinationRule for a TLS port', { rule: 'MESH3057' }],
  ['a sidecar shall read a Secret without workloadSelector', { rule: 'MESH3071' }],
  [
    'a DestinationRule with workloadSelector is exported',
    {
      admission: istio(
        'DestinationRule',
        '{ host: a.example, exportTo: ["*"], workloadSelector: { matchLabels: { app: a } } }',
      ),
    },
  ],
  [
    'the workload may not list Secrets',
    { golden: MUTUAL, object: 'Role prod-travel-agency/partner-credential-reader @c1' },
  ],
  ['the Secret is in another namespace', { golden: MUTUAL, object: OUR_RULE, change: ['partner-client', 'elsewhere'] }],
  ['keys of a Secret have other names', { rule: 'MESH3088' }],
  ['the Secret of a MUTUAL server has no ca.crt', { rule: 'MESH3088' }],
  ['a key pair is named that no Secret has', { rule: 'MESH3083' }],
  ['the SNI is misspelt', { rule: 'MESH3084' }],
  [
    'ISTIO_MUTUAL with a key pair',
    {
      admission: istio(
        'Gateway',
        '{ selector: { istio: a }, servers: [{ hosts: [a.example], port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: ISTIO_MUTUAL, credentialName: a } }] }',
      ),
    },
  ],
  [
    'paths of certificates that no volume mounts',
    {
      golden: MUTUAL,
      object: OUR_RULE,
      change: [
        '"credentialName":"partner-client"',
        '"clientCertificate":"/etc/none/tls.crt","privateKey":"/etc/none/tls.key","caCertificates":"/etc/none/ca.crt"',
      ],
    },
  ],
  [
    'the SNI is none of the hosts of the next gateway',
    { golden: MUTUAL, object: OUR_RULE, change: ['"sni":"insurances.partner.example"', '"sni":"other.example"'] },
  ],
  [
    'bytes in TLS without an SNI',
    {
      golden: '09-private-gateways-tcp',
      object: 'DestinationRule istio-private-gateways/c2 @c1',
      change: ['"sni":"c2.example.com"', '"sni":""'],
    },
  ],
  [
    'no SNI on Istio before 1.21',
    {
      undecidable:
        'manifests rarely say the version; where facts or what installs istiod do, a trace says it (Istio 1.20); every rule of the library states the SNI',
    },
  ],
  ['an SNI and no subjectAltNames', { rule: 'MESH3072' }],
  [
    'the host is compared with a certificate of a SPIFFE ID',
    {
      golden: PRIVATE,
      object: 'DestinationRule istio-private-gateways/c2 @c1',
      change: ['"spiffe://c2.example.com/istio-private-ingressgateway"', '"c2.example.com"'],
    },
  ],
  [
    'subjectAltNames of another gateway',
    {
      golden: PRIVATE,
      object: 'DestinationRule istio-private-gateways/c2 @c1',
      change: ['istio-private-ingressgateway"', 'other"'],
    },
  ],
  ['a certificate of cert-manager is not for clients', { rule: 'MESH3123' }],
  ['a certificate that somebody else issues is not for clients, or has no name', { undecidable: SECRETS }],
  ['authorities of two clusters are swapped', { undecidable: SECRETS }],
  ['the application, not its proxy, expects mTLS that a rule turns off', { rule: 'MESH3069' }],
  ['a certificate lacks a host of its gateway', { rule: 'MESH3060' }],
];
