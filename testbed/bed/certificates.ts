import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as x509 from '@peculiar/x509';

/** A certificate that a scenario asks for. */
export interface CertificateSpec {
  /** Name by which calls and secrets mean it. */
  name: string;
  /** Name of the authority that signs it; authorities come into being when they are named. */
  ca: string;
  /** Subject alternative names, each `URI:spiffe://...`, `DNS:...` or `IP:...`. @default - none */
  san?: readonly string[];
  /** Extended key usages, comma separated: `clientAuth`, `serverAuth`. @default - both */
  eku?: string;
  /** Ended before it is used. @default false */
  expired?: boolean;
}

interface KeyPair {
  certificate: x509.X509Certificate;
  keys: CryptoKeyPair;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 3600 * 1000;

type CryptoKeyPair = webcrypto.CryptoKeyPair;

/**
 * Certificate authorities and certificates, made when they are first named and written as
 * `<name>.crt` and `<name>.key` into one directory (authorities without their keys).
 */
export class Certificates {
  private readonly authorities = new Map<string, Promise<KeyPair>>();
  private readonly leaves = new Map<string, { crt: string; key: string }>();
  private readonly issued: CertificateSpec[] = [];
  /** `ca:name`, `cert:name` and `key:name` by the block of PEM. */
  private readonly names = new Map<string, string>();

  constructor(readonly directory: string) {
    x509.cryptoProvider.set(webcrypto);
    mkdirSync(directory, { recursive: true });
  }

  /** The certificate of an authority, PEM. */
  async authority(name: string): Promise<string> {
    return pem((await this.root(name)).certificate);
  }

  /** The key of an authority, PEM: only istiod's own CA needs it. */
  private async root(name: string): Promise<KeyPair> {
    let root = this.authorities.get(name);
    if (!root) {
      root = this.makeRoot(name);
      this.authorities.set(name, root);
    }
    return root;
  }

  private async makeRoot(name: string): Promise<KeyPair> {
    const keys = await generate();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serial(),
      name: `O=testbed, CN=${name}`,
      ...validity(),
      keys,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    this.write(name, pem(certificate));
    this.names.set(pem(certificate).trim(), `ca:${name}`);
    return { certificate, keys };
  }

  /** What istiod mounts as `cacerts`: an intermediate of its own under the named root. */
  async cacerts(root: string, cluster: string): Promise<Record<string, string>> {
    const parent = await this.root(root);
    const keys = await generate();
    const intermediate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `O=testbed, CN=intermediate of ${cluster}`,
      issuer: parent.certificate.subject,
      ...validity(),
      publicKey: keys.publicKey,
      signingKey: parent.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(parent.keys.publicKey),
      ],
    });
    return {
      'ca-cert.pem': pem(intermediate),
      'ca-key.pem': await pemKey(keys.privateKey),
      'root-cert.pem': pem(parent.certificate),
      'cert-chain.pem': pem(intermediate) + pem(parent.certificate),
    };
  }

  /** Makes a certificate, once per name. */
  async issue(spec: CertificateSpec): Promise<{ crt: string; key: string }> {
    const known = this.leaves.get(spec.name);
    if (known) return known;
    const parent = await this.root(spec.ca);
    const keys = await generate();
    const usages = (spec.eku ?? 'clientAuth,serverAuth').split(',').map((usage) => x509.ExtendedKeyUsage[eku(usage)]);
    const names = (spec.san ?? []).map(generalName);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject: `O=testbed, CN=${spec.name}`,
      issuer: parent.certificate.subject,
      ...validity(spec.expired),
      publicKey: keys.publicKey,
      signingKey: parent.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages),
        await x509.AuthorityKeyIdentifierExtension.create(parent.keys.publicKey),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
      ],
    });
    const made = { crt: pem(certificate), key: await pemKey(keys.privateKey) };
    this.leaves.set(spec.name, made);
    this.issued.push(spec);
    this.names.set(made.crt.trim(), `cert:${spec.name}`);
    this.names.set(made.key.trim(), `key:${spec.name}`);
    this.write(spec.name, made.crt, made.key);
    return made;
  }

  /** PEM of `cert:name`, `key:name` or `ca:name`; of several, space separated, one after the other. */
  async pem(text: string): Promise<string> {
    const parts = text.split(' ').map(async (part) => {
      const [kind, name] = part.split(':');
      if (kind === 'ca') return this.authority(name);
      if (kind === 'cert') return this.leaf(name).crt;
      if (kind === 'key') return this.leaf(name).key;
      throw new Error(`'${part}', expected cert:name, key:name or ca:name`);
    });
    return (await Promise.all(parts)).join('');
  }

  /** What PEM holds, as `pem` takes it, several authorities as one (`ca:one two`); `unknown` where nothing of it was made here. */
  named(text: string): string {
    const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
    const [first, ...others] = blocks.flatMap((block) => this.names.get(block.trim()) ?? []);
    if (first === undefined) return 'unknown';
    // behind a certificate stand those that signed it
    if (!first.startsWith('ca:')) return first;
    return [first, ...others.flatMap((other) => (other.startsWith('ca:') ? [other.slice(3)] : []))].join(' ');
  }

  /** What was asked for, in the order in which it was. */
  specs(): readonly CertificateSpec[] {
    return this.issued;
  }

  /** A made certificate by name. */
  private leaf(name: string): { crt: string; key: string } {
    const leaf = this.leaves.get(name);
    if (!leaf) throw new Error(`no certificate named '${name}': name it under certificates of the scenario`);
    return leaf;
  }

  /** Forgets everything: the next scenario gets its own keys. */
  clear(): void {
    this.authorities.clear();
    this.leaves.clear();
    this.issued.length = 0;
    this.names.clear();
  }

  private write(name: string, crt: string, key?: string): void {
    const file = path.join(this.directory, name);
    writeFileSync(`${file}.crt`, crt);
    if (key !== undefined) writeFileSync(`${file}.key`, key);
  }
}

const generate = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

const pem = (certificate: x509.X509Certificate) => `${certificate.toString('pem')}\n`;

async function pemKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')}\n`;
}

/** A positive random serial number, hexadecimal. */
function serial(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(8));
  bytes[0] = (bytes[0] & 0x3f) | 0x40;
  return Buffer.from(bytes).toString('hex');
}

function validity(expired = false): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  // Back-dated by an hour, so that a clock that is set back does not break a running bed.
  return expired
    ? { notBefore: new Date(now - 3 * DAY), notAfter: new Date(now - 2 * DAY) }
    : { notBefore: new Date(now - 3600 * 1000), notAfter: new Date(now + 30 * DAY) };
}

function eku(name: string): 'clientAuth' | 'serverAuth' {
  const usage = name.trim();
  if (usage === 'clientAuth' || usage === 'serverAuth') return usage;
  throw new Error(`unknown extended key usage '${usage}', expected clientAuth or serverAuth`);
}

function generalName(text: string): x509.JsonGeneralName {
  const [, type, value] = /^(URI|DNS|IP):(.+)$/.exec(text) ?? [];
  if (type === 'URI') return { type: 'url', value };
  if (type === 'DNS') return { type: 'dns', value };
  if (type === 'IP') return { type: 'ip', value };
  throw new Error(`subject alternative name '${text}', expected URI:..., DNS:... or IP:...`);
}
