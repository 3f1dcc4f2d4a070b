import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** A certificate authority's certificate in PEM, ending in a newline; its key is thrown away. */
export async function selfSigned(name: string): Promise<string> {
  x509.cryptoProvider.set(webcrypto);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, false, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date('2026-01-01'),
    notAfter: new Date('2046-01-01'),
    extensions: [new x509.BasicConstraintsExtension(true)],
  });
  return `${certificate.toString('pem').trim()}\n`;
}
