import { settingsOfObject, settingsOfValues } from './control-plane-settings';
import type { MeshFact } from './facts';
import { isIstiodConfig, meshConfigIn } from './istiod-config';
import type { WorkloadSpec } from './kube-types';
import type { MeshConfig } from './mesh-config-types';
import { describe, type Resource } from './resource';

/** What the objects of a cluster say of its control plane, and what had to be assumed. */
export interface Guess {
  readonly fact: MeshFact;
  /** What says it: an object, or a file with values of Helm. */
  readonly by?: string;
  readonly assumptions: readonly string[];
}

/**
 * The control plane of a cluster of which no facts are known: by the ConfigMap with istiod's settings, by istiod's own
 * Deployment, and by the network of its namespace, as a dump of a cluster has them; else by what an operator or Helm is told
 * to install. Everything else is Istio's default.
 *
 * @param values files that may hold values of the Helm chart of istiod.
 * @param sharesRoot whether its authority is taken to be that of the other clusters.
 * @throws MESH4004 for a ConfigMap whose settings are no YAML.
 */
export function guessMesh(
  cluster: string,
  resources: readonly Resource[],
  values: readonly string[] = [],
  sharesRoot = false,
): Guess {
  const settings = resources.find(({ manifest }) => isIstiodConfig(manifest));
  const istiod = resources.find(({ kind, labels, name }) => kind === 'Deployment' && isIstiod(name, labels));
  const stated = settings ? undefined : (settingsOfObject(resources) ?? settingsOfValues(values));
  // what istiod's own settings do not name, nobody has
  const meshConfig: MeshConfig | undefined = settings
    ? { extensionProviders: [], ...configOf(settings) }
    : stated?.meshConfig;
  const container = istiod && (istiod.spec as WorkloadSpec).template?.spec?.containers?.[0];
  const [, istio = stated?.istio] = /:v?(1\.\d+)[.-]/.exec(`${container?.image ?? ''}.`) ?? [];
  const env = Object.fromEntries((container?.env ?? []).flatMap(({ name, value }) => (value ? [[name, value]] : [])));
  const revision = istiod?.labels['istio.io/rev'] ?? settings?.name.slice('istio-'.length) ?? stated?.revision;
  const flag = (container?.args ?? []).indexOf('--domain');
  const dnsDomain = flag < 0 ? undefined : container?.args?.[flag + 1];
  const root = resources.find(
    ({ kind, name }) =>
      kind === 'Namespace' && name === (meshConfig?.rootNamespace ?? settings?.namespace ?? 'istio-system'),
  );
  const network = root?.labels['topology.istio.io/network'] ?? stated?.network;
  const by = settings ? describe(settings) : stated?.by;
  return {
    ...(by === undefined ? {} : { by }),
    fact: {
      ...(meshConfig ? { meshConfig } : {}),
      ...(istio ? { istio } : {}),
      ...(container?.env ? { env } : stated?.env ? { env: stated.env } : {}),
      ...(revision ? { revision } : {}),
      ...(network ? { network } : {}),
      ...(dnsDomain ? { dnsDomain } : {}),
      ...(sharesRoot ? { root: LIKELY_ROOT } : {}),
    },
    assumptions: [
      `${cluster} has one control plane, Istio ${istio ?? '1.31'}${isModelled(istio) ? '' : ' (1.20 to 1.31 are modelled)'} ${
        by === undefined ? 'with default settings' : `with the settings of ${by}`
      }, and ${sharesRoot ? 'the certificate authority of the others, as a Gateway with AUTO_PASSTHROUGH needs it; endpoints of the others, which remote Secrets tell it, are not known' : 'a certificate authority of its own'}`,
    ],
  };
}

/** Name of an authority that clusters are taken to share. */
export const LIKELY_ROOT = '(shared, as it seems)';

/** Whether one of some objects is a Gateway that passes the mTLS of workloads on, which only those of one root can speak. */
export function passesMtlsOn(resources: readonly Resource[]): boolean {
  return resources.some(({ kind, apiVersion, spec }) => {
    const { servers } = spec as { readonly servers?: unknown };
    if (kind !== 'Gateway' || !apiVersion.startsWith('networking.istio.io/') || !Array.isArray(servers)) return false;
    return servers.some((server) => server?.tls?.mode === 'AUTO_PASSTHROUGH');
  });
}

function isModelled(istio = '1.31'): boolean {
  const minor = Number(istio.split('.')[1]);
  return minor >= 20 && minor <= 31;
}

const isIstiod = (name: string, labels: Resource['labels']): boolean =>
  labels.app === 'istiod' || /^istiod(-|$)/.test(name);

function configOf({ manifest, cluster, source }: Resource): MeshConfig | undefined {
  const place = source && `${source.file}:${source.line}`;
  return isIstiodConfig(manifest) ? meshConfigIn(manifest, cluster, place) : undefined;
}
