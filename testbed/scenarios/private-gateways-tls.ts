import type { Call, Scenario, SecretSetup } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { CERTIFICATES, consumer, HOST, provider, way } from '../support/private-gateways';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/default/sleep';
const CURL = 'c1/outside/curl';
const FQDN = (name: string) => `${name}.sample.svc.cluster.local`;

const wayTo = (service: string, consumer: string) =>
  way({
    consumer,
    exposure: `443.${service}.sample`,
    workload: `sample/${service}`,
    said: { sni: FQDN(service) },
    sni: FQDN(service),
  });

const calls: Call[] = [
  {
    from: SLEEP,
    url: `https://${FQDN('my-nginx')}/status/418`,
    ca: 'app-ca',
    expect: { code: 418, hops: wayTo('my-nginx', 'c1') },
    why: 'alias of the name of the remote service: the application checks the certificate of the remote application',
  },
  {
    from: SLEEP,
    url: `https://${FQDN('my-web')}/`,
    ca: 'app-ca',
    expect: { code: 200, body: '"app": "my-web"', hops: wayTo('my-web', 'c1') },
    why: 'second service, chosen by SNI alone',
  },
  {
    from: 'c3/default/sleep',
    url: `https://${FQDN('my-nginx')}/status/418`,
    ca: 'app-ca',
    expect: { code: 418, hops: wayTo('my-nginx', 'c3') },
    why: 'second consumer',
  },
  {
    from: 'c3/default/sleep',
    url: `https://${FQDN('my-web')}/`,
    expect: { error: 'curl 6' },
    why: 'not consumed by c3',
  },
  { from: SLEEP, url: 'https://my-nginx.sample/status/418', expect: { error: 'curl' }, why: 'short name: another SNI' },
  {
    from: 'c1/default/other',
    url: `https://${FQDN('my-nginx')}/`,
    ca: 'app-ca',
    expect: { error: 'curl' },
    why: 'other',
  },
  {
    from: SLEEP,
    url: `http://${FQDN('my-nginx')}:443/`,
    expect: { error: 'curl' },
    why: 'plain text: no SNI, no chain',
  },
  { from: CURL, url: `https://${HOST}:15444/`, as: 'c1', expect: { error: 'curl 35' }, why: 'SNI c2.example.com' },
  {
    from: CURL,
    url: `tls://${HOST}:15444`,
    sni: FQDN('my-web'),
    as: 'c3',
    expect: { error: '' },
    why: 'c3 may not call my-web',
  },
  {
    from: CURL,
    url: `tls://${HOST}:15444`,
    sni: FQDN('my-nginx'),
    as: 'c4',
    expect: { error: '' },
    why: 'right CA, other ID',
  },
  { from: CURL, url: `tls://${HOST}:15444`, sni: FQDN('my-nginx'), expect: { error: '' }, why: 'no certificate' },
  {
    from: CURL,
    url: `tls://${HOST}:15444`,
    sni: FQDN('my-nginx'),
    as: 'forged',
    expect: { error: '' },
    why: 'CA not trusted',
  },
  { from: CURL, url: `tls://${HOST}:15443`, sni: FQDN('my-nginx'), as: 'c1', expect: { error: '' }, why: 'wrong port' },
  {
    from: 'c2/sample/other',
    url: `https://${FQDN('my-nginx')}/status/418`,
    ca: 'app-ca',
    expect: { error: 'curl' },
    why: 'inside the provider nobody else may call the exposed workload',
  },
  {
    from: 'c2/sample/sleep',
    url: `https://${FQDN('my-nginx')}/status/418`,
    ca: 'app-ca',
    expect: { code: 418 },
    why: 'an in-mesh caller that is named (alsoFrom)',
  },
  {
    from: 'c2/outside/curl',
    url: `https://${FQDN('my-nginx')}/`,
    expect: { error: 'curl 56' },
    why: 'STRICT at the provider',
  },
];

const app = (name: string): SecretSetup => ({
  namespace: 'sample',
  name: `${name}-server`,
  data: { 'tls.crt': `cert:${name}`, 'tls.key': `key:${name}` },
});

const scenario = (rendering: '' | '-envoyfilter'): Scenario => {
  const folder = `dist/private-gateways/tls${rendering}`;
  const of = (name: string) => consumer(name, folder, [meshed('sample')]);
  return {
    name: `private-gateways/tls${rendering}`,
    certificates: [
      ...CERTIFICATES,
      ...['my-nginx', 'my-web'].map((name) => ({ name, ca: 'app-ca', san: [`DNS:${FQDN(name)}`], eku: 'serverAuth' })),
    ],
    clusters: {
      c1: of('c1'),
      c2: provider(
        folder,
        [
          meshed('sample'),
          ...['my-nginx', 'my-web'].flatMap((name) =>
            server('sample', name, { ports: { tls: [443, 8443] }, image: 'bed/nginx', certificate: `${name}-server` }),
          ),
          ...caller('sample', 'sleep'),
          ...caller('sample', 'other'),
          ...outsideClient(),
        ],
        [app('my-nginx'), app('my-web')],
      ),
      c3: of('c3'),
    },
    calls,
  };
};

export default [scenario(''), scenario('-envoyfilter')];
