import { certificatesPem } from '../../lib/trust/certificate-pem';
import { selfSigned } from './self-signed';

const KEY = ['PRIVATE KEY', 'EC PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'];

test('certificates are kept, with one newline after each, whatever stood between them', async () => {
  const [a, b] = [await selfSigned('a'), await selfSigned('b')];
  expect(certificatesPem(`\n${a.replaceAll('\n', '\r\n')}\n\n  ${b.trim()}`, 'where')).toBe(a + b);
});

describe('everything else is refused, and nothing of it repeated', () => {
  test.each(KEY)('%s', async (label) => {
    const text = `${await selfSigned('a')}-----BEGIN ${label}-----\nc2VjcmV0\n-----END ${label}-----\n`;
    const failure = errorOf(() => certificatesPem(text, 'RouteFront.reencrypt destinationCa'));
    expect(failure).toBe(
      `MESH1405 RouteFront.reencrypt destinationCa: the text holds a ${label} block; expected CA certificates in PEM ('-----BEGIN CERTIFICATE-----') and nothing else`,
    );
    expect(failure).not.toContain('c2VjcmV0');
  });

  test.each([
    ['', 'the text holds no PEM block'],
    ['/etc/ca.crt', 'the text holds no PEM block'],
    ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'block 1 is no certificate'],
    // a block that never ends could hide a key
    ['-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n', 'the text holds no PEM block'],
  ])('%j', (text, problem) => {
    expect(errorOf(() => certificatesPem(text, 'x'))).toBe(
      `MESH1405 x: ${problem}; expected CA certificates in PEM ('-----BEGIN CERTIFICATE-----') and nothing else`,
    );
  });

  test('text beside the blocks', async () => {
    const text = `${await selfSigned('a')}-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n`;
    expect(errorOf(() => certificatesPem(text, 'x'))).toContain('the text holds something beside the PEM blocks');
  });
});

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
