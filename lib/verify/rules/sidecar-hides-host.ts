import { groupBy } from '../../facts/group-by';
import { ControlPlane } from '../control-plane';
import { viewersOf } from '../objects/exports';
import { isOfKind, objectsOf, type RuleInput } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { at, type Problem, type Rule } from '../rule';
import type { ServiceEntrySpec, SidecarSpec } from '../world/istio-types';
import { Mesh } from '../world/mesh';
import { describe, type Resource, resource } from '../world/resource';

const KINDS = ['ServiceEntry', 'Sidecar', 'VirtualService'];

/** A Sidecar that keeps the host of an exposure from the callers that it is there for. */
export const sidecarHidesHost: Rule = {
  code: 'MESH3068',
  severity: 'error',
  title: 'host of an exposure that a Sidecar hides from its callers',
  why: 'proxies do not know the host: 502 or a reset where outside hosts are blocked (REGISTRY_ONLY), else the call leaves as it is, in clear text and around gateways',
  fix: "add the host to egress.hosts of the Sidecar, behind the namespace of its ServiceEntry: '<namespace>/*'",
  reads: KINDS,
  check: (input) => {
    const planes = planesOf(input);
    const sidecars = objectsOf<SidecarSpec>(input, 'Sidecar', 'networking.istio.io');
    if (sidecars.length === 0) return [];
    const narrowed = new Set(sidecars.map((one) => planes.of(one)));
    const objects = groupBy(resourcesOf(input), (one) => planes.of(one));
    const exposed = new Set(input.facts.peerings.flatMap(({ exposures }) => exposures.map(({ host }) => host)));
    return [...narrowed].flatMap((key) => problemsOf(objects.get(key) ?? [], exposed, planes));
  },
};

/** A host that a Sidecar keeps from proxies of a namespace. */
interface Hidden {
  readonly sidecar: Resource<SidecarSpec>;
  readonly namespace: string;
  readonly entry: Resource<ServiceEntrySpec>;
  readonly host: string;
}

function problemsOf(
  resources: readonly Resource[],
  exposed: ReadonlySet<string | undefined>,
  planes: Planes,
): Problem[] {
  const [first] = resources;
  const plane = new ControlPlane(
    new Mesh(first.cluster, 0, { meshConfig: { rootNamespace: planes.rootOf(first) } }, resources, 'names'),
  );
  const hidden: Hidden[] = plane.mesh.kind<ServiceEntrySpec>('ServiceEntry').flatMap((entry) => {
    const hosts = (entry.spec.hosts ?? []).filter((host) => exposed.has(host));
    if (hosts.length === 0) return [];
    // a namespace that is named is there for its callers; who sees it everywhere need not call it from everywhere
    const named = [...viewersOf(entry.spec.exportTo, entry.namespace)].filter((namespace) => namespace !== '*');
    return named.flatMap((namespace) => {
      const { sidecar, byHost } = plane.scopeOf({ namespace, labels: {}, proxy: 'sidecar' });
      return sidecar
        ? hosts.filter((host) => !byHost.has(host)).map((host) => ({ sidecar, namespace, entry, host }))
        : [];
    });
  });
  return [...groupBy(hidden, ({ sidecar, namespace }) => `${describe(sidecar)} ${namespace}`).values()].map(problemOf);
}

/** What proxies of a namespace do not see because of one Sidecar. */
function problemOf(hidden: readonly Hidden[]): Problem {
  const [{ sidecar, namespace }] = hidden;
  const seen = (sidecar.spec.egress ?? []).flatMap((one) => one.hosts ?? []);
  const needed = new Set(hidden.map(({ entry }) => (entry.namespace === namespace ? './*' : `${entry.namespace}/*`)));
  const hosts = hidden.map(({ entry, host }) => `'${host}' of ${describe(entry)}`);
  return {
    objects: [
      at(describe(sidecar), 'spec.egress'),
      ...hidden.map(({ entry, host }) => at(describe(entry), `spec.hosts[${entry.spec.hosts?.indexOf(host)}]`)),
    ],
    message: `${describe(sidecar)} shows proxies of '${namespace}' ${seen.join(', ') || 'nothing'}, and not ${hosts.join(', ')}`,
    fix: `add ${[...needed].map((one) => `'${one}'`).join(', ')} to egress.hosts of the Sidecar`,
  };
}

/** Objects that decide what a proxy sees. */
function resourcesOf({ manifests, included }: RuleInput): Resource[] {
  return [...manifests, ...included]
    .filter(({ manifest }) => KINDS.some((kind) => isOfKind(manifest, kind, 'networking.istio.io')))
    .map(({ cluster, manifest }) => resource(cluster, manifest));
}
