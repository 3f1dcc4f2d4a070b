import { Lazy } from 'cdk8s';
import { type ImportedServiceRule, ImportedServiceSet } from '../../../imports/maistra';
import { byText } from '../../facts/by-text';
import type { NextHop } from '../../facts/destination';
import { MeshError } from '../../facts/error';
import { dnsLabel } from '../../facts/names';
import { serviceHost } from '../../facts/service-host';
import { refuseConnection } from '../hop/connection';
import type { Consumed, ConsumerHalf, PeeringName } from '../strategy';
import type { Federation, FederationFacts, FederationUse, ImportLocality } from './facts';
import { writeFailover } from './failover';
import type { FederationGateways } from './gateways';
import { hostOfImport } from './imported-host';

/** An imported service, and what the consumer makes of it. */
interface Imported {
  readonly facts: FederationFacts;
  readonly used: FederationUse;
}

/**
 * The consumer's half where control planes tell each other what they export: one ImportedServiceSet per peer, because the
 * control plane knows only that of the peer's name.
 */
export class ImportedServices implements ConsumerHalf<Federation> {
  private readonly imported: Imported[] = [];

  constructor(
    private readonly gateways: FederationGateways,
    private readonly locality: ImportLocality | undefined,
    private readonly peering: PeeringName,
  ) {}

  public consume({ chart, facts, used, claimHost, letDial }: Consumed<Federation>): NextHop {
    const { mesh, peer } = this.gateways;
    const { where } = this.peering;
    if (used.virtualIp !== undefined) {
      throw new MeshError(
        'MESH1276',
        where,
        `'virtualIp' of ${facts.key} is stated, but ${mesh.platform.name} assigns addresses of imported services itself; leave it out`,
      );
    }
    refuseConnection(used.connection, {
      key: facts.key,
      where,
      because: `${mesh.platform.name} makes the objects of imported services itself`,
    });
    this.imported.push({ facts, used });
    if (this.imported.length === 1) {
      new ImportedServiceSet(chart, 'ImportedServiceSet', {
        metadata: { name: peer, namespace: mesh.controlPlane.namespace },
        spec: {
          importRules: Lazy.any({ produce: () => importRules(this.imported) }),
          ...(this.locality && { locality: this.locality }),
        },
      });
    }
    const { port } = facts.service;
    if (used.asLocal) return { host: this.joinLocal(facts, used), port };
    const host = hostOfImport(this.gateways, facts, used, where);
    claimHost(host);
    letDial({ host, port, namespace: mesh.controlPlane.namespace, exportTo: ['*'] });
    return { host, port };
  }

  /** The local Service whose endpoints it joins. */
  private joinLocal(facts: FederationFacts, { asLocal, domainSuffix }: FederationUse): string {
    const { mesh } = this.gateways;
    const { where } = this.peering;
    const name = dnsLabel(asLocal?.name ?? facts.exportedAs.name, where, 'name of the local Service');
    const namespace = dnsLabel(asLocal?.namespace ?? '', where, 'namespace of the local Service');
    if (domainSuffix !== undefined) {
      throw new MeshError(
        'MESH1276',
        where,
        `'domainSuffix' and 'asLocal' of ${facts.key} are both stated; a local Service has the domain of its cluster: leave domainSuffix out`,
      );
    }
    const same = this.imported.slice(0, -1).find(({ used, facts: { exportedAs } }) => {
      const local = used.asLocal;
      return local?.namespace === namespace && (local.name ?? exportedAs.name) === name;
    });
    if (same) {
      throw new MeshError(
        'MESH1277',
        where,
        `${facts.key} and ${same.facts.key} would both join the local Service ${namespace}/${name}; give one of them another name`,
      );
    }
    const host = serviceHost(name, namespace, mesh.cluster.domain);
    if (asLocal?.failover) writeFailover(mesh, { host, failover: asLocal.failover, to: this.locality, where });
    return host;
  }
}

function importRules(imported: readonly Imported[]): ImportedServiceRule[] {
  return [...imported].sort(byText(({ facts }) => facts.key)).map(importRule);
}

/** `importAsLocal` stands beside the selector, and works only with the namespace of an alias. */
function importRule({ facts: { exportedAs }, used: { asLocal, domainSuffix } }: Imported): ImportedServiceRule {
  if (asLocal === undefined) {
    return { type: 'NameSelector', ...(domainSuffix !== undefined && { domainSuffix }), nameSelector: exportedAs };
  }
  const alias = { name: asLocal.name ?? exportedAs.name, namespace: asLocal.namespace };
  return { type: 'NameSelector', importAsLocal: true, nameSelector: { ...exportedAs, alias } };
}
