import type { Bytes } from '../../../lib/verify/run/bytes';
import { chooseChain } from '../../../lib/verify/run/chain-match';
import type { Chain } from '../../../lib/verify/view/types';

const chain = (name: string, match: Partial<Chain>): Chain => ({ name, rbac: [], refs: [], ...match });
const tls = (sni?: string, alpn: string[] = []): Bytes => ({
  ...{ kind: 'tls', layer: 'tls 1', alpn, client: {}, inner: { kind: 'tcp' } },
  ...(sni ? { sni } : {}),
});
const http: Bytes = { kind: 'http', method: 'GET', path: '/', host: 'x', headers: {} };
const chosen = (chains: Chain[], bytes: Bytes, port = 80, ip = '10.0.0.1', fallback?: Chain) =>
  chooseChain({ name: 'l', chains, ...(fallback ? { fallback } : {}) }, { sourceIp: '1.1.1.1', ip, port }, bytes)?.name;

test('the chains of the port are the only ones, where there are some', () => {
  const chains = [chain('any', {}), chain('80', { destinationPort: 80 })];
  expect([chosen(chains, http, 80), chosen(chains, http, 81)]).toEqual(['80', 'any']);
});

test('the narrowest block of addresses wins', () => {
  const chains = [
    chain('wide', { prefixes: ['10.0.0.0/8'] }),
    chain('narrow', { prefixes: ['10.0.0.0/24'] }),
    chain('rest', {}),
  ];
  expect([chosen(chains, http), chosen(chains, http, 80, '10.9.0.1'), chosen(chains, http, 80, '11.0.0.1')]).toEqual([
    'narrow',
    'wide',
    'rest',
  ]);
});

test('an SNI is taken by its name, else by the longest wildcard, in any case of letters', () => {
  const chains = [
    chain('star', { sni: ['*.example'] }),
    chain('longer', { sni: ['*.a.example'] }),
    chain('exact', { sni: ['x.a.example'] }),
  ];
  expect(['X.a.example', 'y.a.example', 'z.example', 'other'].map((sni) => chosen(chains, tls(sni)))).toEqual([
    'exact',
    'longer',
    'star',
    undefined,
  ]);
  expect(chosen(chains, tls())).toBeUndefined();
});

test('TLS and clear text are told apart where a chain asks for it', () => {
  const chains = [chain('tls', { transport: 'tls' }), chain('raw', { transport: 'raw_buffer' })];
  expect([chosen(chains, tls('x')), chosen(chains, http)]).toEqual(['tls', 'raw']);
});

test('ALPN decides last, HTTP in clear text counts as its protocol, and there is no way back to chains that were out', () => {
  const chains = [
    chain('istio', { transport: 'tls', alpn: ['istio'] }),
    chain('http', { transport: 'raw_buffer', alpn: ['http/1.1', 'h2c'] }),
    chain('rest', {}),
  ];
  expect([chosen(chains, tls('x', ['istio', 'h2'])), chosen(chains, http), chosen(chains, { kind: 'tcp' })]).toEqual([
    'istio',
    'http',
    undefined,
  ]);
});

test('what no chain takes is for the fallback', () => {
  expect(chosen([chain('a', { sni: ['a'] })], tls('b'), 80, '10.0.0.1', chain('fallback', {}))).toBe('fallback');
});
