import { merge, meshConfig, withAuthorities } from '../../../testbed/istio/mesh-config';

describe('meshConfig', () => {
  it('is what the scenario says, over what the testbed needs', () => {
    const config = meshConfig({ trustDomain: 'partner.local', defaultConfig: { proxyMetadata: { A: '1' } } }, 'home');
    expect(config).toMatchObject({
      rootNamespace: 'home',
      trustDomain: 'partner.local',
      accessLogFile: '/dev/stdout',
      defaultConfig: { discoveryAddress: 'istiod.home.svc:15012', proxyMetadata: { A: '1' } },
    });
  });
});

describe('merge', () => {
  it('goes into maps and replaces all else', () => {
    expect(merge({ a: { b: 1, c: [1, 2] }, d: 1 }, { a: { c: [3], e: 2 }, d: { f: 1 } })).toEqual({
      a: { b: 1, c: [3], e: 2 },
      d: { f: 1 },
    });
  });
});

describe('withAuthorities', () => {
  const authority = async (name: string) => `PEM of ${name}`;

  it('puts certificates in the place of names, at any depth', async () => {
    const mesh = { caCertificates: [{ pem: 'ca:root-c2', trustDomains: ['c2.local'] }], trustDomain: 'c1.local', n: 1 };
    expect(await withAuthorities(mesh, authority)).toEqual({
      caCertificates: [{ pem: 'PEM of root-c2', trustDomains: ['c2.local'] }],
      trustDomain: 'c1.local',
      n: 1,
    });
    expect(mesh.caCertificates[0].pem).toBe('ca:root-c2');
  });

  it('leaves alone what only begins or ends so', async () => {
    const values = { a: 'ca:', b: 'ca:x y', c: 'spiffe://ca:x', d: null, e: true };
    expect(await withAuthorities(values, authority)).toEqual(values);
  });
});
