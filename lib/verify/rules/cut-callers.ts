import type { FleetDocument } from '../../facts/fleet';
import { groupBy } from '../../facts/group-by';
import type { Labels } from '../../facts/labels';
import { Memo } from '../../facts/memo';
import { SelectorIndex } from '../../facts/selector-index';
import { serviceHost } from '../../facts/service-host';
import { destinationField, destinationsOf, type PlacedDestination } from '../objects/destinations';
import { type Found, objectsOf } from '../objects/objects';
import { at, type ClusterRule, type Problem } from '../rule';
import type { VirtualServiceSpec } from '../world/istio-types';

/** A VirtualService that leads callers to a workload whose policies let none of them in. */
export const cutCallers: ClusterRule = {
  code: 'MESH3010',
  severity: 'warning',
  scope: 'cluster',
  title: 'callers that the policy of an exposed workload cuts',
  why: 'an ALLOW policy at a workload denies everybody whom none names: 403, RBAC: access denied',
  fix: 'name them in an ALLOW policy of the workload, or remove the route',
  inProgram: 'alsoFrom, where the service is exposed',
  reads: ['AuthorizationPolicy', 'Service', 'VirtualService'],
  check: (input) => {
    const routes = groupBy(objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io'), clusterOf);
    const services = groupBy(objectsOf<ServiceSpec>(input, 'Service', ''), clusterOf);
    const policies = groupBy(objectsOf<PolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io'), clusterOf);
    const meshes = groupBy(input.facts.meshes, clusterOf);
    return input.facts.clusters.flatMap(({ name, domain }) => {
      const gateways = (meshes.get(name) ?? []).flatMap((mesh) => mesh.gateways);
      const workloads = new Workloads(domain, gateways, services.get(name) ?? [], policies.get(name) ?? []);
      return (routes.get(name) ?? []).flatMap((route) => problemsOf(route, workloads, gateways));
    });
  },
};

const clusterOf = ({ cluster }: { readonly cluster: string }): string => cluster;

function problemsOf(route: Found<VirtualServiceSpec>, workloads: Workloads, gateways: Gateways): Problem[] {
  const ingress = gateways.filter(({ kind }) => kind === 'ingress');
  const identities = ingress.map(({ identity }) => identity);
  const byHost = new Map<string, PlacedDestination>();
  for (const one of destinationsOf(route.spec)) {
    const { host } = one.destination;
    if (host !== undefined && !byHost.has(host)) byHost.set(host, one);
  }
  return [...byHost].flatMap(([host, destination]) => {
    const allowed = workloads.allowedAt(host);
    if (allowed === undefined) return [];
    const from = route.spec.gateways ?? ['mesh'];
    const arriving = from.flatMap((gateway) => {
      if (gateway === 'mesh') return [];
      const namespace = gateway.includes('/') ? gateway.split('/')[0] : route.namespace;
      return ingress.filter((one) => one.namespace === namespace).map(({ identity }) => identity);
    });
    const cutsGateway = arriving.length > 0 && !arriving.some((one) => names(allowed, one));
    // whoever is named besides gateways is of the mesh
    const cutsMesh = from.includes('mesh') && allowed.every((one) => identities.includes(one));
    if (!cutsGateway && !cutsMesh) return [];
    return [
      {
        objects: [at(route.ref, destinationField(destination, 'host'))],
        message: `${route.ref.split(' @')[0]} leads ${cutsMesh ? 'callers of the mesh' : `calls of ${arriving.join(' or ')}`} to ${host}, whose workload lets in ${allowed.length === 0 ? 'nobody' : `only ${allowed.join(', ')}`}`,
      },
    ];
  });
}

/** Whom the workloads of a cluster let in. */
class Workloads {
  private readonly selectors: ReadonlyMap<string, Labels | undefined>;
  private readonly policies = new SelectorIndex<PolicySpec>();
  private readonly allowed = new Memo<string[] | undefined>();
  /** `<name>.<namespace>` of gateways: what leads to one is on its way out, whoever stands beside it. */
  private readonly gateways: ReadonlySet<string>;

  constructor(
    private readonly domain: string,
    gateways: Gateways,
    services: readonly Found<ServiceSpec>[],
    policies: readonly Found<PolicySpec>[],
  ) {
    this.gateways = new Set(gateways.map(({ service, namespace }) => `${service}.${namespace}`));
    this.selectors = new Map(services.map(({ namespace, name, spec }) => [`${name}.${namespace}`, spec.selector]));
    for (const { namespace, spec } of policies) {
      const labels = spec.selector?.matchLabels;
      // a policy without a selector is about the whole namespace, and none that an exposure wrote
      if ((spec.action ?? 'ALLOW') === 'ALLOW' && labels !== undefined) this.policies.add(namespace, labels, spec);
    }
  }

  /** Principals that ALLOW policies let in to the workload of a host; undefined where anybody may come in. */
  public allowedAt(host: string): string[] | undefined {
    return this.allowed.get(host, () => this.principalsAt(host));
  }

  private principalsAt(host: string): string[] | undefined {
    const [name, namespace] = host.split('.');
    if (host !== serviceHost(name, namespace, this.domain) || this.gateways.has(`${name}.${namespace}`))
      return undefined;
    // where its Service is not known, pods are labelled as this library labels them
    const labels = this.selectors.get(`${name}.${namespace}`) ?? { app: name };
    const policies = this.policies.selecting(namespace, labels);
    const sources = policies.flatMap(({ rules = [] }) => rules.flatMap(({ from = [{}] }) => from));
    const principals = sources.map(({ source }) => source?.principals);
    if (policies.length === 0 || principals.includes(undefined)) return undefined;
    return [...new Set(principals.flatMap((some) => some ?? []))].sort();
  }
}

type Gateways = FleetDocument['meshes'][number]['gateways'];

interface ServiceSpec {
  readonly selector?: Labels;
}

interface PolicySpec {
  readonly action?: string;
  readonly selector?: { readonly matchLabels?: Labels };
  readonly rules?: { readonly from?: { readonly source?: { readonly principals?: string[] } }[] }[];
}

function names(principals: readonly string[], identity: string): boolean {
  return principals.some((one) => (one.endsWith('*') ? identity.startsWith(one.slice(0, -1)) : one === identity));
}
