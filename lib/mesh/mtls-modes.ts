import type { MeshService } from '../facts/service';
import type { Platform } from '../platform/platform';
import type { ControlPlane } from './control-plane';

/** How a workload takes connections: mTLS only, both, or clear text only. */
export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** Modes of one service; ports are those of its workloads. */
export interface ServiceModes {
  readonly mode: MtlsMode;
  readonly ports: Readonly<Record<number, MtlsMode>>;
}

/** The mTLS modes that policies of a mesh state, as far as callers must know of them. */
export class MtlsModes {
  private readonly namespaces = new Map<string, MtlsMode>();
  private readonly services = new Map<string, ServiceModes>();

  constructor(
    private readonly platform: Platform,
    private readonly controlPlane: ControlPlane,
  ) {}

  /**
   * Whether a DestinationRule of the control plane encrypts every call to a host of the cluster that no other rule
   * names: OpenShift Service Mesh 2 makes one with `mtls: true`. Callers of a workload that takes clear text only must
   * then be told so; everywhere else automatic mTLS notices by itself.
   */
  public get hasMeshWideRule(): boolean {
    return this.platform.has('ServiceMeshControlPlane') && this.controlPlane.mtls;
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
