import type { MeshService } from '../facts/service';
import type { Mesh } from './mesh';

/** How a workload takes connections: mTLS only, both, or clear text only. */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** Modes of one service; ports are those of its workloads. */
export interface ServiceModes {
  readonly mode: MtlsMode;
  readonly ports: Readonly<Record<number, MtlsMode>>;
}

const registry = new WeakMap<Mesh, MtlsModes>();

/** The mTLS modes that policies of a mesh state, as far as callers must know of them. */
export class MtlsModes {
  /** Those of one mesh. */
  public static of(mesh: Mesh): MtlsModes {
    const existing = registry.get(mesh);
    if (existing) return existing;
    const created = new MtlsModes(mesh);
    registry.set(mesh, created);
    return created;
  }

  private readonly namespaces = new Map<string, MtlsMode>();
  private readonly services = new Map<string, ServiceModes>();

  private constructor(private readonly mesh: Mesh) {}

  /**
   * Whether a DestinationRule of the control plane encrypts every call to a host of the cluster that no other rule
   * names: OpenShift Service Mesh 2 makes one with `mtls: true`. Callers of a workload that takes clear text only must
   * then be told so; everywhere else automatic mTLS notices by itself.
   */
  public get hasMeshWideRule(): boolean {
    return this.mesh.platform.has('ServiceMeshControlPlane') && this.mesh.controlPlane.mtls;
  }

  public setNamespace(namespace: string, mode: MtlsMode): void {
    this.namespaces.set(namespace, mode);
  }

  public setService(service: MeshService, modes: ServiceModes): void {
    this.services.set(service.host, modes);
  }

  /** What callers of a service must know: its own policy, else that of its namespace; undefined where there is none. */
  public ofService(service: MeshService): ServiceModes | undefined {
    const own = this.services.get(service.host);
    if (own) return own;
    const mode = this.namespaces.get(service.namespace);
    return mode && { mode, ports: {} };
  }
}
