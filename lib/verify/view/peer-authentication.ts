import { type Labels, selects } from '../../facts/labels';
import { push } from '../../facts/memo';
import type { MtlsSettings, PeerAuthenticationSpec } from '../world/istio-types';
import type { Mesh } from '../world/mesh';
import { type Ref, type Resource, refTo } from '../world/resource';

export type MtlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** What a workload accepts. */
export interface Mtls {
  readonly mode: MtlsMode;
  readonly ports: ReadonlyMap<number, MtlsMode>;
  readonly refs: readonly Ref[];
}

/** The PeerAuthentication policies of a mesh. */
export class PeerAuthentications {
  private readonly byNamespace = new Map<string, Resource<PeerAuthenticationSpec>[]>();

  constructor(private readonly mesh: Mesh) {
    for (const policy of mesh.byAge<PeerAuthenticationSpec>('PeerAuthentication')) {
      push(this.byNamespace, policy.namespace, policy);
    }
  }

  /** The mode of a workload: the oldest policy of mesh, namespace and workload (`authn.ComposePeerAuthentication`). */
  public of(namespace: string, labels: Labels): Mtls {
    const { rootNamespace } = this.mesh;
    const ofMesh = this.namespaceWide(rootNamespace);
    const ofNamespace = namespace === rootNamespace ? undefined : this.namespaceWide(namespace);
    // in the root namespace a policy with a selector is ignored altogether
    const own = namespace === rootNamespace ? [] : (this.byNamespace.get(namespace) ?? []);
    const ofWorkload = own.find((one) => !isNamespaceWide(one) && selects(one.spec.selector?.matchLabels, labels));
    let mode: MtlsMode = 'PERMISSIVE';
    let refs: Ref[] = [];
    for (const policy of [ofMesh, ofNamespace, ofWorkload]) {
      const stated = modeOf(policy?.spec.mtls);
      if (!policy || !stated) continue;
      mode = stated;
      refs = [refTo(policy, 'spec.mtls.mode', stated)];
    }
    const ports = new Map<number, MtlsMode>();
    for (const [port, settings] of Object.entries(ofWorkload?.spec.portLevelMtls ?? {})) {
      ports.set(Number(port), modeOf(settings) ?? mode);
      if (ofWorkload) refs.push(refTo(ofWorkload, `spec.portLevelMtls.${port}`));
    }
    return { mode, ports, refs };
  }

  /**
   * What a client knows of a service: policies of namespace and mesh, not of workloads and ports
   * (`push_context.go: BestEffortInferServiceMTLSMode`).
   */
  public asSeenByClients(namespace: string): MtlsMode | undefined {
    const ofMesh = this.namespaceWide(this.mesh.rootNamespace);
    const global = ofMesh && (modeOf(ofMesh.spec.mtls) ?? 'PERMISSIVE');
    if (namespace === this.mesh.rootNamespace) return global;
    const own = this.namespaceWide(namespace);
    return own ? (modeOf(own.spec.mtls) ?? global ?? 'PERMISSIVE') : global;
  }

  private namespaceWide(namespace: string): Resource<PeerAuthenticationSpec> | undefined {
    return this.byNamespace.get(namespace)?.find(isNamespaceWide);
  }
}

const isNamespaceWide = ({ spec }: Resource<PeerAuthenticationSpec>): boolean =>
  Object.keys(spec.selector?.matchLabels ?? {}).length === 0;

function modeOf(settings: MtlsSettings | undefined): MtlsMode | undefined {
  const { mode = 'UNSET' } = settings ?? {};
  return mode === 'UNSET' ? undefined : mode;
}
