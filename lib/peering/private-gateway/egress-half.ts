import type { NextHop } from '../../facts/destination';
import type { HopFacts } from '../../facts/exposure';
import { isHttp2 } from '../../facts/port';
import type { Gateway } from '../../mesh/gateway';
import type { Credential } from '../../trust/credential';
import type { EgressCallers } from '../egress/egress-callers';
import { writePassage } from '../egress/passage';
import { passageLabel, writeOrigination, writeRemoteHost } from '../egress/remote-host';
import { needClientSecrets, writeCertificate } from '../hop/credentials';
import type { Consumed, ConsumerHalf, PeeringName } from '../strategy';
import type { PrivateGateways } from './strategy';

/** What a consumer's half is made with. */
export interface PrivateEgress {
  readonly egress: Gateway;
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
  /** The gateway's key pair. */
  readonly credential?: Credential;
  readonly peering: PeeringName;
}

/**
 * The consumer's half: a way through the dedicated egress gateway, to a host that the gateway alone knows.
 *
 * That host is never the name that an application dials: of two providers of one name the second would be dropped.
 */
export class PrivateEgressHalf implements ConsumerHalf<PrivateGateways> {
  constructor(private readonly own: PrivateEgress) {}

  public consume({ chart, facts, name, used, claimHost }: Consumed<PrivateGateways>): NextHop {
    const { egress, callers, credential, peering } = this.own;
    const { passage, service, endpoint, tls, toldApart, key, access } = facts;
    const { protocol } = service;
    const isRequests = toldApart.by === 'path';
    const hop: HopFacts = { key, service, access, endpoint, tls, host: passage, port: isRequests ? 80 : service.port };
    claimHost(passage);
    egress.readsSecrets();
    // in the gateway's chart, because peerings may share a key pair
    const use = { credential, namespace: egress.namespace, where: peering.where };
    needClientSecrets(egress.chart, { ...use, tls });
    writeCertificate(egress.chart, { ...use, usage: 'client auth' });
    const remote = { egress, facts: hop, name, credential, peering, connection: used.connection };
    writeRemoteHost(chart, remote);
    writeOrigination(chart, remote);
    return writePassage(chart, {
      egress,
      label: passageLabel(peering, service),
      host: passage,
      as: isRequests ? 'http' : 'tcp',
      isHttp2: isHttp2(protocol),
      port: hop.port,
      ...(isRequests && { rewrite: { uri: toldApart.prefix, authority: tls.sni } }),
      callers,
    });
  }
}
