import type { Manifest } from '../../../lib/facts/manifest';
import type { MeshFact, WorldFacts } from '../../../lib/verify/world/facts';
import type { ServiceSpec } from '../../../lib/verify/world/kube-types';
import type { MeshConfig } from '../../../lib/verify/world/mesh-config-types';
import { describe, type Resource, resource } from '../../../lib/verify/world/resource';
import type { Random } from '../../random';
import type { Golden } from '../golden';
import { mutated } from './mutate';
import { authorizationPolicy, gateway, peerAuthentication, sidecar } from './proxies';
import { service, serviceEntry, workloadEntry } from './services';
import { destinationRule, virtualService } from './traffic';
import { Vocabulary } from './vocabulary';

/** A golden scenario after random changes in one cluster. */
export interface RandomWorld {
  readonly cluster: string;
  readonly facts: WorldFacts;
  readonly resources: readonly Resource[];
}

interface Kind {
  readonly kind: string;
  readonly api: string;
  readonly spec: (random: Random, words: Vocabulary) => object;
  readonly isExported?: true;
}

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

/** Kinds by how often they are made. */
const KINDS: readonly Kind[] = [
  ...twice({ kind: 'Sidecar', api: NETWORKING, spec: sidecar }),
  { kind: 'PeerAuthentication', api: SECURITY, spec: peerAuthentication },
  { kind: 'AuthorizationPolicy', api: SECURITY, spec: authorizationPolicy },
  ...twice({ kind: 'DestinationRule', api: NETWORKING, spec: destinationRule, isExported: true }),
  ...twice({ kind: 'ServiceEntry', api: NETWORKING, spec: serviceEntry, isExported: true }),
  ...twice({ kind: 'VirtualService', api: NETWORKING, spec: virtualService, isExported: true }),
  { kind: 'VirtualService', api: NETWORKING, spec: virtualService, isExported: true },
  { kind: 'Gateway', api: NETWORKING, spec: gateway },
  { kind: 'Service', api: 'v1', spec: service },
  { kind: 'WorkloadEntry', api: NETWORKING, spec: workloadEntry },
];

function twice(kind: Kind): Kind[] {
  return [kind, kind];
}

/** Changes a golden scenario: new objects that use its names, changed fields, other mesh configuration. */
export function randomWorld(golden: Golden, random: Random): RandomWorld {
  const cluster = random.pick(Object.keys(golden.facts.meshes).sort());
  let { facts } = golden;
  let resources = [...golden.resources];
  for (let step = random.pick([1, 2, 3, 4, 6]); step > 0; step--) {
    const words = new Vocabulary(
      random,
      resources.filter((one) => one.cluster === cluster),
    );
    const kind = random.next();
    if (kind < 0.07) facts = withMeshConfig(facts, cluster, meshConfig(random, words));
    else if (kind < 0.7) resources = added(resources, created(cluster, random, words));
    else resources = onlyIfServed(mutated(resources, cluster, random, words), resources);
  }
  return { cluster, facts, resources };
}

/** The API server refuses a Service with two ports of one number or name, and one without ports. */
function onlyIfServed(changed: Resource[], before: Resource[]): Resource[] {
  const isFine = ({ kind, spec }: Resource): boolean => {
    if (kind !== 'Service') return true;
    const { ports = [], type } = spec as ServiceSpec;
    const distinct = (of: unknown[]) => new Set(of).size === ports.length;
    const named = ports.length < 2 || ports.every(({ name }) => name);
    return (
      distinct(ports.map(({ port }) => port)) &&
      distinct(ports.map(({ name }) => name)) &&
      named &&
      (ports.length > 0 || type === 'ExternalName')
    );
  };
  return changed.every(isFine) ? changed : before;
}

/** Two in three are of one age, which nothing says; the others are older. */
const AGES = [undefined, undefined, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];

function created(cluster: string, random: Random, words: Vocabulary): Resource {
  const { kind, api, spec, isExported } = random.pick(KINDS);
  const made = spec(random, words);
  const exportTo =
    isExported && !('workloadSelector' in made && kind === 'DestinationRule') ? words.exportTo() : undefined;
  const creationTimestamp = random.pick(AGES);
  const annotation = random.pick(['.', '*', '~', words.namespace()]);
  const annotations =
    kind === 'Service' && random.chance(0.2) ? { 'networking.istio.io/exportTo': annotation } : undefined;
  const manifest: Manifest = {
    apiVersion: api,
    kind,
    metadata: {
      name: `${random.pick(['aa', 'mm', 'zz'])}-${random.pick(['a', 'b', 'c'])}`,
      namespace: words.namespace(),
      ...(creationTimestamp ? { creationTimestamp } : {}),
      ...(annotations ? { annotations } : {}),
    },
    spec: { ...made, ...(exportTo ? { exportTo } : {}) },
  };
  return resource(cluster, manifest);
}

function added(resources: Resource[], one: Resource): Resource[] {
  return resources.some((other) => describe(other) === describe(one)) ? resources : [...resources, one];
}

function meshConfig(random: Random, words: Vocabulary): MeshConfig {
  const namespace = words.namespace();
  return random.pick<MeshConfig>([
    { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
    { outboundTrafficPolicy: { mode: 'ALLOW_ANY_DYNAMIC_DNS' } },
    { defaultServiceExportTo: random.pick([['.'], ['~'], [namespace]]) },
    { defaultVirtualServiceExportTo: ['.'] },
    { defaultDestinationRuleExportTo: ['.'] },
    { enableAutoMtls: false },
    { h2UpgradePolicy: 'UPGRADE' },
    { trustDomain: 'td.example', trustDomainAliases: ['old.example'] },
    { rootNamespace: namespace },
    { tlsDefaults: { minProtocolVersion: 'TLSV1_3' } },
    { tlsDefaults: { cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256'] } },
    { meshMTLS: { minProtocolVersion: 'TLSV1_3', cipherSuites: ['ECDHE-ECDSA-AES256-GCM-SHA384'] } },
  ]);
}

function withMeshConfig(facts: WorldFacts, cluster: string, config: MeshConfig): WorldFacts {
  const fact: MeshFact = facts.meshes[cluster];
  const meshes = { ...facts.meshes, [cluster]: { ...fact, meshConfig: { ...fact.meshConfig, ...config } } };
  return { ...facts, meshes };
}
