import type { FleetDocument } from '../../facts/fleet';
import { describeManifest, type Manifest } from '../../facts/manifest';
import { isOfKind, specOf } from '../objects';
import type { Problem, Rule } from '../rule';
import { type Labels, selects } from '../world/resource';

/** A VirtualService that leads callers to a workload whose policies let none of them in. */
export const cutCallers: Rule = {
  code: 'MESH3010',
  severity: 'warning',
  title: 'callers that the policy of an exposed workload cuts',
  why: 'an ALLOW policy at a workload denies everybody whom none names: 403, RBAC: access denied',
  fix: 'name them with alsoFrom where the service is exposed, or remove the route',
  reads: ['AuthorizationPolicy', 'Service', 'VirtualService'],
  check: ({ facts, manifests, included }) => {
    const objects = [...manifests, ...included];
    return facts.clusters.flatMap(({ name, domain }) => {
      const own = objects.filter(({ cluster }) => cluster === name).map(({ manifest }) => manifest);
      const gateways = facts.meshes.filter(({ cluster }) => cluster === name).flatMap((mesh) => mesh.gateways);
      return problemsOf(own, { cluster: name, domain, gateways });
    });
  },
};

interface Place {
  readonly cluster: string;
  readonly domain: string;
  readonly gateways: FleetDocument['meshes'][number]['gateways'];
}

function problemsOf(objects: readonly Manifest[], { cluster, domain, gateways }: Place): Problem[] {
  const ingress = gateways.filter(({ kind }) => kind === 'ingress');
  const identities = ingress.map(({ identity }) => identity);
  return objects.filter(isKind('VirtualService', 'networking.istio.io')).flatMap((route) =>
    [...new Set(destinationsOf(route))].flatMap((host) => {
      const allowed = allowedAt(objects, host, domain);
      if (allowed === undefined) return [];
      const from = specOf<RouteSpec>(route).gateways ?? ['mesh'];
      const arriving = from.flatMap((gateway) => {
        if (gateway === 'mesh') return [];
        const namespace = gateway.includes('/') ? gateway.split('/')[0] : route.metadata.namespace;
        return ingress.filter((one) => one.namespace === namespace).map(({ identity }) => identity);
      });
      const cutsGateway = arriving.length > 0 && !arriving.some((one) => names(allowed, one));
      // whoever is named besides gateways is of the mesh
      const cutsMesh = from.includes('mesh') && allowed.every((one) => identities.includes(one));
      if (!cutsGateway && !cutsMesh) return [];
      return [
        {
          objects: [describeManifest(route, cluster)],
          message: `${describeManifest(route)} leads ${cutsMesh ? 'callers of the mesh' : `calls of ${arriving.join(' or ')}`} to ${host}, whose workload lets in ${allowed.length === 0 ? 'nobody' : `only ${allowed.join(', ')}`}`,
        },
      ];
    }),
  );
}

/** Principals that ALLOW policies let in to the workload of a host; undefined where anybody may come in. */
function allowedAt(objects: readonly Manifest[], host: string, domain: string): string[] | undefined {
  const [name, namespace] = host.split('.');
  if (host !== `${name}.${namespace}.svc.${domain}`) return undefined;
  const service = objects
    .filter(isKind('Service', ''))
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  // where its Service is not known, pods are labelled as this library labels them
  const labels = (service && specOf<{ selector?: Labels }>(service).selector) ?? { app: name };
  const policies = objects
    .filter(isKind('AuthorizationPolicy', 'security.istio.io'))
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map((policy) => specOf<PolicySpec>(policy))
    .filter((policy) => isForPods(policy, labels));
  const sources = policies.flatMap(({ rules = [] }) => rules.flatMap(({ from = [{}] }) => from));
  const principals = sources.map(({ source }) => source?.principals);
  if (policies.length === 0 || principals.includes(undefined)) return undefined;
  return [...new Set(principals.flatMap((some) => some ?? []))].sort();
}

interface PolicySpec {
  readonly action?: string;
  readonly selector?: { readonly matchLabels?: Labels };
  readonly rules?: { readonly from?: { readonly source?: { readonly principals?: string[] } }[] }[];
}

interface Route {
  readonly route?: { readonly destination?: { readonly host?: string } }[];
}

interface RouteSpec {
  readonly gateways?: string[];
  readonly http?: Route[];
  readonly tcp?: Route[];
  readonly tls?: Route[];
}

function destinationsOf(manifest: Manifest): string[] {
  const { http = [], tcp = [], tls = [] } = specOf<RouteSpec>(manifest);
  return [...http, ...tcp, ...tls].flatMap(({ route = [] }) =>
    route.flatMap(({ destination }) => destination?.host ?? []),
  );
}

/** A policy without a selector is about the whole namespace, and none that an exposure wrote. */
function isForPods({ action = 'ALLOW', selector }: PolicySpec, labels: Labels): boolean {
  return action === 'ALLOW' && selector?.matchLabels !== undefined && selects(selector.matchLabels, labels);
}

function names(principals: readonly string[], identity: string): boolean {
  return principals.some((one) => (one.endsWith('*') ? identity.startsWith(one.slice(0, -1)) : one === identity));
}

const isKind = (kind: string, group: string) => (manifest: Manifest) => isOfKind(manifest, kind, group);
