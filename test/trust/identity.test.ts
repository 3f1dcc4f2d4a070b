import { Identity } from '../../lib';
import { messageOf } from '../support/model';

describe('Identity', () => {
  test('a DNS name is written as it is', () => {
    const identity = Identity.dns('Insurances.partner.example');
    expect(identity).toMatchObject({ kind: 'dns', value: 'insurances.partner.example' });
    expect(identity.subjectAltName).toBe('insurances.partner.example');
  });

  test('a SPIFFE ID is stated without its scheme, and written with it', () => {
    const identity = Identity.spiffe('cluster.local/ns/foo/sa/sleep');
    expect(identity).toMatchObject({ kind: 'spiffe', value: 'cluster.local/ns/foo/sa/sleep' });
    expect(identity.subjectAltName).toBe('spiffe://cluster.local/ns/foo/sa/sleep');
  });

  test.each(['spiffe://cluster.local/ns/foo', 'cluster.local', '', 'cluster.local/', 'a b/c', 'a/*', 'a//b', 'A/b'])(
    '%j is no SPIFFE ID',
    (id) => {
      expect(messageOf(() => Identity.spiffe(id))).toBe(
        `MESH1401 Identity.spiffe: '${id}' is no SPIFFE ID without scheme; expected '<trust domain>/<path>' such as 'cluster.local/ns/foo/sa/sleep'`,
      );
    },
  );

  test('a malformed DNS name is refused', () => {
    expect(messageOf(() => Identity.dns('*.partner.example'))).toBe(
      "MESH1002 Identity.dns: name '*.partner.example' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard",
    );
  });
});
