import { Credential, Identity, type Onward, PeerEnd, PeeringTls, TrustBundle } from '../../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

const signer = TrustBundle.declared('pay-ca');
const identity = Identity.dns('hub.example');
const server = new PeerEnd(Identity.dns('api.pay.example'), signer);
const client = Credential.secret('client', { identity, signer });
const files = Credential.files('files', { identity, signer, directory: '/etc/hub' });

export const fits: Onward[] = [
  { tls: PeeringTls.plain() },
  { tls: PeeringTls.simple({ server }) },
  { tls: PeeringTls.mutual({ client, server }) },
  { tls: PeeringTls.application({ server: Identity.dns('api.pay.example') }) },
];

export const refused: Onward[] = [
  // @ts-expect-error how it is reached must be said
  {},
  // @ts-expect-error a gateway reads Secrets
  { tls: PeeringTls.mutual({ client: files, server }) },
  // @ts-expect-error the gateway needs the key pair
  { tls: PeeringTls.mutual({ client: new PeerEnd(identity, signer), server }) },
  // @ts-expect-error what the other side does with clients is its own business
  { tls: PeeringTls.mutual({ client, server, clientCertificate: 'optional' }) },
];
