import { isDeepStrictEqual } from 'node:util';
import type { Construct } from 'constructs';
import { MeshError } from '../facts/error';
import type { HopFacts, TlsEnds, TlsFacts } from '../facts/exposure';
import { type Guards, made, optional } from '../facts/guard';
import type { Gateway } from '../mesh/gateway';
import type { PeeringTls, ServerEnd } from '../trust/peering-tls';
import { isSameRoot } from '../trust/same-root';
import { GATEWAY } from './option-guards';
import { checkGateway, requireIngress } from './parties';
import { Peering } from './peering';
import type { PeeringProps } from './peering-props';
import type { Strategy } from './strategy';
import type { Protection } from './summary';

/** A strategy whose calls make one hop between a proxy of each side, protected by `PeeringTls`. */
export interface HopStrategy extends Strategy {
  readonly common: HopCommon;
}

/** What is the same for all exposures of such a peering. */
export interface HopCommon {
  /** Who is at the ends of the hop. */
  readonly tls: TlsEnds;
}

/** What a peering with one hop states. */
export interface HopPeeringProps<T extends PeeringTls, S extends HopStrategy = HopStrategy> extends PeeringProps<S> {
  /**
   * The provider's ingress gateway.
   * @default - none, for a provider that is not ours
   */
  readonly ingress?: Gateway;
  /** How the hop between the two sides is protected. */
  readonly tls: T;
}

const HOP: Guards<Pick<HopPeeringProps<PeeringTls>, 'ingress' | 'tls'>> = {
  ingress: optional(GATEWAY),
  tls: made('PeeringTls.plain(), .simple(…), .mutual(…) or .application(…)', 'PeeringTls'),
};

/** A peering whose calls make one hop between a proxy of each side, protected by `PeeringTls`. */
export abstract class HopPeering<T extends PeeringTls, S extends HopStrategy> extends Peering<S> {
  /** How the hop between the two sides is protected. */
  public readonly tls: T;
  protected readonly ingress?: Gateway;

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when no side is ours; MESH1210 to MESH1212 when the ingress gateway is
   * missing, somebody else's, or an egress gateway; MESH1214 when the end of the hop that is ours has no key pair.
   */
  constructor(scope: Construct, id: string, props: HopPeeringProps<T, S>) {
    super(scope, id, props);
    const { consumer, provider, ingress, tls } = props;
    const { where } = this;
    this.tls = tls;
    this.ingress = ingress;
    if (provider.kind === 'mesh') requireIngress(provider, ingress, where);
    else if (ingress) checkGateway(ingress, { kind: 'ingress', of: 'provider', party: provider, where });
    this.checkClientEnd();
    this.checkServerEnd();
    const isOfSomebodyElse = provider.kind === 'externalMesh' || provider.kind === 'contracted';
    if (consumer.kind === 'mesh' && isOfSomebodyElse && tls.ownClient) {
      consumer.introduce(id, { client: tls.ownClient });
    }
  }

  protected override get peeringOptions(): Guards<HopPeeringProps<T, S>> {
    return { ...super.peeringOptions, ...HOP };
  }

  protected override get protection(): Protection {
    const { tls } = this.common;
    const own = this.tls.ownClient;
    const isOptional = tls.mode === 'mutual' && tls.clientCertificate === 'optional';
    return {
      tls: tls.mode,
      ...(isOptional && { clientCertificate: 'optional' as const }),
      ...((tls.mode === 'simple' || tls.mode === 'mutual') && { server: tls.server }),
      ...(tls.mode === 'application' && { server: { subjectAltName: tls.serverName } }),
      ...(tls.mode === 'mutual' && { client: tls.client }),
      ...(own?.directory !== undefined && { mounts: { secret: own.name, directory: own.directory } }),
    };
  }

  protected override get common(): HopCommon {
    return { tls: this.tls.ends() };
  }

  /** The ends that the contract states for all exposures are those of each. */
  protected override checkContracted(facts: S['facts']): void {
    super.checkContracted(facts);
    const { provider } = this;
    if (provider.kind !== 'contracted' || !('tls' in facts)) return;
    const { tls } = facts as HopFacts;
    const { tls: ends } = provider.document.common;
    // where the mesh adds nothing, the application's own TLS is as it is
    if (ends.mode === 'plain' && tls.mode === 'application' && facts.service.protocol === 'tls') return;
    if (isDeepStrictEqual(withoutServer(endsOf(tls)), withoutServer(ends)) && isBelieved(tls, ends)) return;
    throw new MeshError(
      'MESH1504',
      provider.contract.where,
      `field 'tls' of exposure '${facts.key}' has other ends than 'common.tls'; the contract contradicts itself`,
    );
  }

  /** The end of the hop that our own proxies hold needs a key pair; a `PeerEnd` says only who the other side is. */
  private checkClientEnd(): void {
    const { consumer, tls } = this;
    if (consumer.kind !== 'mesh' || tls.mode !== 'mutual' || tls.ownClient !== undefined) return;
    throw new MeshError(
      'MESH1214',
      this.where,
      `the client is a PeerEnd, but the consumer ${consumer.node.path} is ours, so its proxies need the key pair; use a Credential`,
    );
  }

  private checkServerEnd(): void {
    const { tls } = this;
    if (tls.mode === 'simple' || tls.mode === 'mutual') this.requireServerKeys(tls.ownServer);
  }

  /** @throws MESH1214 when a gateway of ours ends the hop without a key pair; a `PeerEnd` says only who somebody is. */
  protected requireServerKeys(server: ServerEnd | undefined): void {
    const { provider, ingress } = this;
    const endsAtGateway = ingress?.route?.termination !== 'edge' && ingress?.route?.termination !== 'reencrypt';
    if (provider.kind !== 'mesh' || !endsAtGateway || server?.kind === 'credential') return;
    throw new MeshError(
      'MESH1214',
      this.where,
      `the server is a PeerEnd, but the provider ${provider.node.path} is ours, so its ingress gateway needs the key pair; use Credential.secret or Credential.certManager`,
    );
  }
}

/** A host may have a key pair of its own. */
function withoutServer(ends: object): object {
  const { server: _, ...others } = ends as { readonly server?: unknown };
  return others;
}

/** A client's key pair holds the roots of one authority of servers. */
function isBelieved(tls: TlsFacts, ends: TlsEnds): boolean {
  if (tls.mode !== 'mutual' || ends.mode !== 'mutual') return true;
  return isSameRoot(tls.server.signer, ends.server.signer);
}

/** A hop without what is about one host. */
function endsOf(tls: TlsFacts): object {
  if (tls.mode === 'plain') return tls;
  const { sni: _, ...ends } = tls;
  return ends;
}
