import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { CERTIFICATES, consumer, HOST, provider, way } from '../support/private-gateways';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/default/sleep';
const CURL = 'c1/outside/curl';

const wayTo = (service: string) =>
  way({ consumer: 'c1', exposure: `9000.${service}.sample`, workload: `sample/${service}` });

const calls: Call[] = [
  {
    from: SLEEP,
    url: 'tcp://echo:9001',
    expect: { code: 'ok', body: '"app": "echo"', hops: wayTo('echo') },
    why: 'echo, told apart by SNI at port 443 of the egress gateway, by port at the provider',
  },
  {
    from: SLEEP,
    url: 'tcp://db:9002',
    expect: { code: 'ok', body: '"app": "db"', hops: wayTo('db') },
    why: 'db, through the same port of the egress gateway',
  },
  { from: 'c1/default/other', url: 'tcp://echo:9001', expect: { error: '' }, why: 'another service account' },
  { from: 'c1/default/other', url: 'tcp://db:9002', expect: { error: '' }, why: 'another service account' },
  { from: SLEEP, url: 'tcp://echo:9002', expect: { error: '' }, why: 'wrong port' },
  { from: SLEEP, url: 'tcp://db:9001', expect: { error: '' }, why: 'wrong port' },
  {
    from: 'c2/sample/other',
    url: 'tcp://echo:9000',
    expect: { error: '' },
    why: 'inside the provider nobody else may call the exposed workload',
  },
  {
    from: 'c2/sample/sleep',
    url: 'tcp://db:9000',
    expect: { error: '' },
    why: 'sleep is named for echo alone',
  },
  {
    from: 'c2/sample/sleep',
    url: 'tcp://echo:9000',
    expect: { code: 'ok' },
    why: 'an in-mesh caller that is named (alsoFrom)',
  },
  { from: CURL, url: `tls://${HOST}:31400`, as: 'c3', expect: { code: 'ok', body: '"app": "echo"' }, why: 'c3: echo' },
  { from: CURL, url: `tls://${HOST}:31401`, as: 'c3', expect: { error: '' }, why: 'c3 may not use the port of db' },
  { from: CURL, url: `tls://${HOST}:31401`, as: 'c1', expect: { code: 'ok', body: '"app": "db"' }, why: 'c1 may' },
  { from: CURL, url: `tls://${HOST}:31400`, expect: { error: '' }, why: 'no certificate' },
  { from: CURL, url: `tls://${HOST}:31400`, as: 'c4', expect: { error: '' }, why: 'right CA, another SPIFFE ID' },
  { from: CURL, url: `tls://${HOST}:31400`, as: 'c1-dns', expect: { error: '' }, why: 'right CA, a DNS name only' },
  { from: CURL, url: `tls://${HOST}:31400`, as: 'forged', expect: { error: '' }, why: 'CA not trusted' },
  { from: CURL, url: 'tls://wrong.example.com:31400', as: 'c1', expect: { error: '' }, why: 'wrong SNI' },
  { from: CURL, url: `tcp://${HOST}:31400`, expect: { error: '' }, why: 'clear text' },
  {
    from: CURL,
    url: `tls://${HOST}:15443`,
    as: 'c1',
    expect: { error: '' },
    why: 'a port of the gateway without listener',
  },
  { from: 'c3/default/sleep', url: 'tcp://echo:9001', expect: { error: '' }, why: 'c3 has bound no name' },
  {
    from: SLEEP,
    url: 'tls://istio-private-egressgateway.istio-private-gateways:443',
    as: 'c1',
    expect: { error: '' },
    why: 'the egress gateway takes the mesh, not the peer certificate (and another SNI)',
  },
  {
    from: 'c2/outside/curl',
    url: 'tcp://echo.sample:9000',
    expect: { error: '' },
    why: 'STRICT at the provider',
  },
];

const scenario = (rendering: '' | '-envoyfilter'): Scenario => ({
  name: `private-gateways/tcp${rendering}`,
  certificates: CERTIFICATES,
  clusters: {
    c1: consumer('c1', `dist/private-gateways/tcp${rendering}`),
    c2: provider(`dist/private-gateways/tcp${rendering}`, [
      meshed('sample'),
      ...server('sample', 'echo', { ports: { tcp: 9000 }, image: 'bed/tcp-echo' }),
      ...server('sample', 'db', { ports: { tcp: 9000 }, image: 'bed/tcp-echo' }),
      ...caller('sample', 'sleep'),
      ...caller('sample', 'other'),
      ...outsideClient(),
    ]),
    c3: consumer('c3', `dist/private-gateways/tcp${rendering}`),
  },
  calls,
});

export default [scenario(''), scenario('-envoyfilter')];
