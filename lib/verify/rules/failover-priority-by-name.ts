import { describeManifest, type Manifest } from '../../facts/manifest';
import { isOfKind, specOf } from '../objects';
import type { Rule } from '../rule';

/**
 * istiod 1.31 reads behind the end of a list when it orders endpoints by `failoverPriority` that it keeps in one group
 * per locality, which it does for hosts that proxies resolve themselves: it ends, and does so again at every start.
 */
export const failoverPriorityByName: Rule = {
  code: 'MESH3020',
  severity: 'error',
  title: 'failoverPriority for endpoints by name in several localities',
  why: 'the API server admits it, and istiod ends with a panic at once and at every start: the whole mesh gets no configuration any more',
  fix: 'use localityLbSetting.failover (Failover writes it), endpoints by IP address with resolution STATIC, or no localities',
  reads: ['DestinationRule', 'ServiceEntry'],
  check: ({ manifests, included }) => {
    const all = [...manifests, ...included];
    const entries = all.filter(
      ({ manifest }) => isOfKind(manifest, 'ServiceEntry', 'networking.istio.io') && isSpread(manifest),
    );
    return all
      .filter(
        ({ manifest }) => isOfKind(manifest, 'DestinationRule', 'networking.istio.io') && ordersByPriority(manifest),
      )
      .flatMap((rule) => {
        const { host = '' } = specOf<Spec>(rule.manifest);
        return entries
          .filter(
            ({ cluster, manifest }) => cluster === rule.cluster && isAbout(host, specOf<Spec>(manifest).hosts ?? []),
          )
          .map(({ cluster, manifest }) => ({
            objects: [describeManifest(rule.manifest, cluster), describeManifest(manifest, cluster)],
            message: `${describeManifest(rule.manifest)} states failoverPriority for host '${host}', whose endpoints ${describeManifest(manifest)} knows by name in the localities ${localities(manifest).join(', ')}`,
          }));
      });
  },
};

interface Spec {
  readonly host?: string;
  readonly hosts?: string[];
  readonly resolution?: string;
  readonly endpoints?: { readonly locality?: string }[];
}

/** Whether proxies resolve the endpoints themselves, which are in more than one locality. */
function isSpread(manifest: Manifest): boolean {
  return specOf<Spec>(manifest).resolution === 'DNS' && localities(manifest).length > 1;
}

function localities(manifest: Manifest): string[] {
  return [...new Set((specOf<Spec>(manifest).endpoints ?? []).map(({ locality }) => locality ?? '(none)'))].sort();
}

/** In the policy of the host, of a port or of a subset; without outlier detection istiod leaves it alone. */
function ordersByPriority({ spec }: Manifest): boolean {
  return holds(spec, 'failoverPriority') && holds(spec, 'outlierDetection');
}

function holds(value: unknown, key: string): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, child]) => name === key || holds(child, key));
}

/** Whether a rule's host, perhaps with a wildcard, is one of some hosts. */
function isAbout(host: string, hosts: readonly string[]): boolean {
  return hosts.some((one) => (host.startsWith('*') ? one.endsWith(host.slice(1)) : one === host));
}
