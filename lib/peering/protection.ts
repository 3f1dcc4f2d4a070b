import type { EndFacts, TlsFacts } from '../facts/exposure';
import type { Finding } from '../facts/finding';
import { rootFacts } from '../fleet/fleet-facts';
import type { Identity } from '../trust/identity';
import type { ClientCertificate, Mutual, PeeringTls, Simple } from '../trust/peering-tls';
import type { TrustBundle } from '../trust/trust-bundle';

/** A hop's protection as facts; `host` is the SNI. */
export function tlsFacts(tls: PeeringTls, host: string): TlsFacts {
  switch (tls.mode) {
    case 'plain':
      return { mode: 'plain' };
    case 'simple':
      return { mode: 'simple', sni: host, server: endFacts((tls as Simple).server) };
    case 'mutual': {
      const { client, server, clientCertificate } = tls as Mutual<ClientCertificate>;
      const weaker = clientCertificate === 'optional' ? { clientCertificate } : {};
      return { mode: 'mutual', sni: host, server: endFacts(server), client: endFacts(client), ...weaker };
    }
    case 'application':
      return { mode: 'application', sni: host };
  }
}

function endFacts(end: { readonly identity: Identity; readonly signer: TrustBundle }): EndFacts {
  return { subjectAltName: end.identity.subjectAltName, signer: rootFacts(end.signer) };
}

/** A peering, for messages. */
export interface NamedPeering {
  /** Construct path. */
  readonly path: string;
  readonly consumer: string;
  readonly provider: string;
}

/** What a peering that is in use gives up on purpose. */
export function weaknesses({ path, consumer, provider }: NamedPeering, tls: PeeringTls): Finding[] {
  if (tls.mode === 'plain') {
    return [
      {
        code: 'MESH3001',
        severity: 'warning',
        objects: [`peering ${path}`],
        message: `peering ${path} sends clear text from ${consumer} to ${provider}`,
        atRuntime: 'anybody on the way reads and changes the calls; whoever reaches the provider may call',
        fix: 'use PeeringTls.mutual or PeeringTls.simple, unless this is meant',
      },
    ];
  }
  if (tls.mode === 'mutual' && (tls as Mutual<ClientCertificate>).clientCertificate === 'optional') {
    return [
      {
        code: 'MESH3004',
        severity: 'warning',
        objects: [`peering ${path}`],
        message: `peering ${path} serves clients without a certificate as well as ${consumer}`,
        atRuntime: `whoever reaches ${provider} may call what the peering allows; only a wrong certificate is refused`,
        fix: "leave clientCertificate: 'optional' out as soon as every client presents a certificate",
      },
    ];
  }
  return [];
}
