import { X509Certificate } from 'node:crypto';
import { MeshError } from '../facts/error';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----\s[^-]*-----END \1-----/g;

/**
 * Certificates in PEM, and nothing else: no private key, no text between them. Lines end with one newline.
 *
 * @throws MESH1405 for anything else; the message repeats nothing of the text.
 */
export function certificatesPem(text: string, where: string): string {
  const blocks = [...text.matchAll(BLOCK)];
  const wrong = blocks.find(([, label]) => label !== 'CERTIFICATE');
  if (wrong) throw refused(where, `the text holds a ${wrong[1]} block`);
  if (blocks.length === 0) throw refused(where, 'the text holds no PEM block');
  if (text.replace(BLOCK, '').trim() !== '') throw refused(where, 'the text holds something beside the PEM blocks');
  return blocks.map(([block], index) => `${certificate(block, where, index)}\n`).join('');
}

function certificate(block: string, where: string, index: number): string {
  try {
    return new X509Certificate(block).toString().trim();
  } catch {
    throw refused(where, `block ${index + 1} is no certificate`);
  }
}

function refused(where: string, problem: string): MeshError {
  return new MeshError(
    'MESH1405',
    where,
    `${problem}; expected CA certificates in PEM ('-----BEGIN CERTIFICATE-----') and nothing else`,
  );
}
