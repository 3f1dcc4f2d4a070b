import { Credential, Identity, PeeringTls, TrustBundle } from '../../lib';

const signer = TrustBundle.declared('ca');
const client = Credential.secret('client', { identity: Identity.spiffe('a.example/egress'), signer });
const server = Credential.secret('server', { identity: Identity.dns('b.example'), signer });

test('a hop is stated once, with the ends that its mode has', () => {
  expect({ ...PeeringTls.plain() }).toEqual({ mode: 'plain' });
  expect({ ...PeeringTls.simple({ server }) }).toEqual({ mode: 'simple', server });
  expect({ ...PeeringTls.mutual({ client, server }) }).toMatchObject({ mode: 'mutual', client, server });
  expect({ ...PeeringTls.application({ server: Identity.dns('b.example') }) }).toEqual({
    mode: 'application',
    server: Identity.dns('b.example'),
  });
});
