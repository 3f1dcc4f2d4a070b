import { TrustBundle } from '../../lib';
import { messageOf } from '../support/model';

const OLD = 'a1'.repeat(32);
const NEW = 'b2'.repeat(32);

describe('TrustBundle', () => {
  test('fingerprints are one spelling, each once, sorted: what openssl prints compares equal', () => {
    const printed = NEW.toUpperCase().match(/../g)?.join(':') ?? '';
    expect(TrustBundle.declared('ca', { rootSha256: [printed, OLD, NEW] })).toMatchObject({
      kind: 'declared',
      name: 'ca',
      rootSha256: [OLD, NEW],
    });
  });

  test('fingerprints may be left out', () => {
    expect(TrustBundle.declared('ca').rootSha256).toEqual([]);
    expect(TrustBundle.system()).toMatchObject({ kind: 'system', name: 'system', rootSha256: [] });
  });

  test.each(['', 'abc', OLD.slice(1), `${OLD}0`, `g${OLD.slice(1)}`, `sha256 Fingerprint=${OLD}`])(
    '%j is no fingerprint',
    (root) => {
      expect(messageOf(() => TrustBundle.declared('ca', { rootSha256: [root] }))).toBe(
        `MESH1402 TrustBundle.declared ca: '${root.toLowerCase()}' is no SHA-256 fingerprint; expected 64 hexadecimal digits, as 'openssl x509 -noout -fingerprint -sha256' prints`,
      );
    },
  );

  test('a malformed name is refused', () => {
    expect(messageOf(() => TrustBundle.declared('My CA'))).toContain("MESH1001 TrustBundle.declared: name 'My CA'");
  });
});
