import { X509Certificate } from 'node:crypto';
import type { Bed } from '../bed/bed';
import type { Call } from '../bed/scenario';

/** SHA-256 fingerprint of a certificate of the testbed. */
export async function fingerprintOf(bed: Bed, name: string): Promise<string> {
  return new X509Certificate(await bed.certificates.pem(`cert:${name}`)).fingerprint256;
}

/** Makes a call and checks which client certificate the server saw: names may be the same, fingerprints are not. */
export async function expectClient(bed: Bed, call: Pick<Call, 'from' | 'url'>, name: string): Promise<void> {
  const { body } = await bed.call(call);
  const seen = /"fingerprint": "([0-9A-F:]+)"/.exec(body ?? '')?.[1];
  const wanted = await fingerprintOf(bed, name);
  if (seen !== wanted) throw new Error(`${call.from}: the server saw ${seen}, expected ${wanted} of ${name}: ${body}`);
}
