import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Certificates } from '../../../testbed/bed/certificates';

describe('Certificates', () => {
  let certificates: Certificates;
  beforeEach(() => {
    certificates = new Certificates(mkdtempSync(path.join(tmpdir(), 'pki-')));
  });
  afterEach(() => rmSync(certificates.directory, { recursive: true }));

  it('issues names, usages and a signer as asked', async () => {
    // WHEN
    const { crt } = await certificates.issue({
      name: 'client',
      ca: 'agency',
      san: ['URI:spiffe://agency/ns/a/sa/b', 'DNS:a.example', 'IP:10.0.0.1'],
      eku: 'clientAuth',
    });

    // THEN
    const certificate = new X509Certificate(crt);
    expect(certificate.subjectAltName).toBe('URI:spiffe://agency/ns/a/sa/b, DNS:a.example, IP Address:10.0.0.1');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    const agency = new X509Certificate(await certificates.authority('agency'));
    const other = new X509Certificate(await certificates.authority('other'));
    expect(certificate.verify(agency.publicKey)).toBe(true);
    expect(certificate.verify(other.publicKey)).toBe(false);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now());
    expect(readdirSync(certificates.directory).sort()).toEqual(['agency.crt', 'client.crt', 'client.key', 'other.crt']);
  });

  it('issues one that has expired', async () => {
    const { crt } = await certificates.issue({ name: 'old', ca: 'agency', expired: true });
    expect(Date.parse(new X509Certificate(crt).validTo)).toBeLessThan(Date.now());
  });

  it('gives clusters of one root intermediates of their own', async () => {
    // WHEN
    const [one, two] = [await certificates.cacerts('shared', 'c1'), await certificates.cacerts('shared', 'c2')];

    // THEN
    expect(one['root-cert.pem']).toBe(two['root-cert.pem']);
    expect(one['ca-cert.pem']).not.toBe(two['ca-cert.pem']);
    const root = new X509Certificate(one['root-cert.pem']);
    for (const { 'ca-cert.pem': ca } of [one, two]) {
      expect(new X509Certificate(ca).ca).toBe(true);
      expect(new X509Certificate(ca).verify(root.publicKey)).toBe(true);
    }
  });

  it('names what PEM holds, as it is put together', async () => {
    const { crt } = await certificates.issue({ name: 'server', ca: 'old' });
    for (const text of ['cert:server', 'key:server', 'ca:old']) {
      expect(certificates.named(await certificates.pem(text))).toBe(text);
    }
    expect(certificates.named(await certificates.pem('ca:old ca:new'))).toBe('ca:old new');
    expect(certificates.named(crt + (await certificates.authority('old')))).toBe('cert:server');
    expect(certificates.named('no PEM')).toBe('unknown');
    expect(certificates.specs()).toEqual([{ name: 'server', ca: 'old' }]);
    certificates.clear();
    expect([certificates.named(crt), certificates.specs()]).toEqual(['unknown', []]);
  });

  it('puts PEM together as Secrets name it', async () => {
    const { crt, key } = await certificates.issue({ name: 'server', ca: 'old' });
    expect(await certificates.pem('cert:server')).toBe(crt);
    expect(await certificates.pem('key:server')).toBe(key);
    const both = await certificates.pem('ca:old ca:new');
    expect(both).toBe((await certificates.authority('old')) + (await certificates.authority('new')));
  });

  it.each([
    [
      'pem of an unknown kind',
      () => certificates.pem('crt:server'),
      "'crt:server', expected cert:name, key:name or ca:name",
    ],
    ['a certificate that nobody issued', () => certificates.pem('cert:none'), "no certificate named 'none'"],
    [
      'an unknown name',
      () => certificates.issue({ name: 'x', ca: 'y', san: ['a.example'] }),
      "'a.example', expected URI:",
    ],
    [
      'an unknown usage',
      () => certificates.issue({ name: 'x', ca: 'y', eku: 'all' }),
      "usage 'all', expected clientAuth",
    ],
  ])('refuses %s', async (_, attempt, message) => {
    await expect(attempt()).rejects.toThrow(message);
  });
});
