import type { Labels } from '../../facts/labels';
import { apiGroup, type Manifest } from '../../facts/manifest';
import { yaml } from '../../facts/packages';
import { isRecord } from '../../facts/record';
import { textOf } from './files';
import type { MeshConfig } from './mesh-config-types';
import { describe, type Resource } from './resource';

/** What an object of an operator, or a file with values of Helm, says of a control plane. */
export interface ControlPlaneSettings {
  /** What says it, for people. */
  readonly by: string;
  readonly meshConfig?: MeshConfig;
  /** Minor version, such as `1.31`. */
  readonly istio?: string;
  readonly env?: Labels;
  readonly revision?: string;
  readonly network?: string;
}

/** Values of the Helm chart of istiod, as far as calls depend on them. */
interface Values {
  readonly meshConfig?: MeshConfig;
  readonly revision?: string;
  readonly global?: { readonly network?: string };
  readonly pilot?: { readonly env?: Labels };
}

/** Versions of Istio in OpenShift Service Mesh 2. */
const ISTIO_OF_OSSM: Readonly<Record<string, string>> = { 'v2.4': '1.16', 'v2.5': '1.18', 'v2.6': '1.20' };

/** Settings of the first control plane that an object of an operator states; undefined where none does. */
export function settingsOfObject(resources: readonly Resource[]): ControlPlaneSettings | undefined {
  const stating = resources.filter(({ manifest }) => readerOf(manifest) !== undefined);
  const [first] = stating;
  if (first === undefined) return undefined;
  const by = stating.length === 1 ? describe(first) : `${describe(first)}, the first of ${stating.length}`;
  return { by, ...settingsIn(first.manifest) };
}

/** Settings that an object of an operator states; undefined where it is none. */
export const settingsIn = (manifest: Manifest): Omit<ControlPlaneSettings, 'by'> | undefined =>
  readerOf(manifest)?.(manifest);

const readerOf = (manifest: Manifest) => READERS[`${manifest.kind}.${apiGroup(manifest)}`];

/** Kinds of operators that hold settings of a control plane, with their API groups. */
export const OPERATOR_KINDS = {
  Istio: 'sailoperator.io',
  IstioOperator: 'install.istio.io',
  ServiceMeshControlPlane: 'maistra.io',
} as const;

/** Settings that the first of some files holds as values of Helm; undefined where none does. */
export function settingsOfValues(files: readonly string[]): ControlPlaneSettings | undefined {
  for (const file of files) {
    const values = yaml().parse(textOf(file)) as Values | null;
    if (isRecord(values?.meshConfig)) return { by: file, ...settingsOf(values) };
  }
  return undefined;
}

const READERS: Readonly<Record<string, ((manifest: Manifest) => Omit<ControlPlaneSettings, 'by'>) | undefined>> = {
  [`Istio.${OPERATOR_KINDS.Istio}`]: ({ spec }) => {
    const { values, version, namespace } = (spec ?? {}) as SailSpec;
    return settingsOf(values ?? {}, namespace, version);
  },
  [`IstioOperator.${OPERATOR_KINDS.IstioOperator}`]: ({ spec, metadata }) => {
    const { values, meshConfig, revision, tag } = (spec ?? {}) as OperatorSpec;
    const both = { ...values, meshConfig: { ...values?.meshConfig, ...meshConfig } };
    return settingsOf({ ...both, ...(revision ? { revision } : {}) }, metadata.namespace, tag);
  },
  [`ServiceMeshControlPlane.${OPERATOR_KINDS.ServiceMeshControlPlane}`]: ({ spec, metadata }) => {
    const { version = '', security, proxy, cluster, techPreview } = (spec ?? {}) as SmcpSpec;
    const mode = proxy?.networking?.trafficControl?.outbound?.policy;
    const meshConfig = {
      ...(security?.trust?.domain ? { trustDomain: security.trust.domain } : {}),
      ...(mode ? { outboundTrafficPolicy: { mode } } : {}),
      ...techPreview?.meshConfig,
    };
    const istio = ISTIO_OF_OSSM[version];
    const network = cluster?.network;
    return { ...settingsOf({ meshConfig, global: { network } }, metadata.namespace), ...(istio ? { istio } : {}) };
  },
};

interface SailSpec {
  readonly values?: Values | null;
  readonly version?: string;
  readonly namespace?: string;
}

interface OperatorSpec {
  readonly values?: Values | null;
  readonly meshConfig?: MeshConfig;
  readonly revision?: string;
  readonly tag?: string;
}

type Mode = NonNullable<MeshConfig['outboundTrafficPolicy']>['mode'];

interface SmcpSpec {
  readonly version?: string;
  readonly security?: { readonly trust?: { readonly domain?: string } };
  readonly proxy?: {
    readonly networking?: { readonly trafficControl?: { readonly outbound?: { readonly policy?: Mode } } };
  };
  readonly cluster?: { readonly network?: string };
  readonly techPreview?: { readonly meshConfig?: MeshConfig };
}

function settingsOf(
  { meshConfig, revision, global, pilot }: Values,
  rootNamespace?: string,
  version = '',
): Omit<ControlPlaneSettings, 'by'> {
  const [, istio] = /^v?(\d+\.\d+)/.exec(version) ?? [];
  const config = { ...(rootNamespace ? { rootNamespace } : {}), ...meshConfig };
  return {
    ...(Object.keys(config).length > 0 ? { meshConfig: config } : {}),
    ...(istio ? { istio } : {}),
    ...(isRecord(pilot?.env) ? { env: pilot.env } : {}),
    ...(revision && revision !== 'default' ? { revision } : {}),
    ...(global?.network ? { network: global.network } : {}),
  };
}
