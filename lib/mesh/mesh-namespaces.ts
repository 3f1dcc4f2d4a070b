import { Namespace } from '../../imports/kubernetes';
import { ServiceMeshMember } from '../../imports/maistra';
import { MeshError } from '../facts/error';
import { checkOptions, flag, type Guards, mapOf, optional, text } from '../facts/guard';
import { dnsLabel } from '../facts/names';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Platform } from '../platform/platform';
import type { ControlPlane } from './control-plane';
import type { Injection } from './control-plane/revision';
import { FOUNDATION } from './gitops';

/** What a namespace of a mesh may state. */
export interface NamespaceOptions {
  /**
   * Whether the Namespace object is ours to write.
   * @default false - it exists
   */
  readonly create?: boolean;
  /**
   * Further labels of a Namespace that we write. Those that ask for injection are written with it, one of the two; others
   * than the mesh's are refused.
   * @default - none
   */
  readonly labels?: Record<string, string>;
}

interface Place {
  readonly mesh: string;
  readonly platform: Platform;
  readonly controlPlane: ControlPlane;
  readonly injection: Injection;
  /** Where Namespaces and memberships are written. */
  readonly base: MeshChart;
  readonly where: string;
}

const OPTIONS: Guards<NamespaceOptions> = { create: optional(flag), labels: optional(mapOf(text)) };

/** The namespaces of a mesh, and how they become members of it. */
export class MeshNamespaces {
  private readonly members = new Set<string>();
  /** Sorted, until one more is declared. */
  private sorted?: readonly string[];

  constructor(private readonly place: Place) {
    const { controlPlane } = place;
    if (controlPlane.kind !== 'existing') this.write(controlPlane.namespace, {});
  }

  /** Those that were declared, sorted. */
  public get names(): string[] {
    this.sorted ??= [...this.members].sort();
    return [...this.sorted];
  }

  /** Whether one was declared. */
  public has(name: string): boolean {
    return this.members.has(name);
  }

  /**
   * Declares one.
   *
   * @throws MESH1106 and MESH1121 as `Mesh.namespace()` says; MESH1006 when `create` is neither true nor false.
   */
  public declare(name: string, options: NamespaceOptions): void {
    const { where, mesh, platform, controlPlane, injection, base } = this.place;
    dnsLabel(name, where, 'namespace');
    checkOptions<NamespaceOptions>(options, `${where}, namespace '${name}'`, OPTIONS);
    if (this.members.has(name)) {
      throw new MeshError('MESH1106', where, `namespace '${name}' is declared twice; declare it once`);
    }
    if (name === controlPlane.namespace && controlPlane.kind !== 'existing') {
      throw new MeshError(
        'MESH1106',
        where,
        `namespace '${name}' is the control plane's, which is written already; leave the declaration out`,
      );
    }
    if (options.labels?.['istio.io/dataplane-mode'] === 'ambient') {
      throw new MeshError(
        'MESH1106',
        where,
        `namespace '${name}' asks for the ambient data plane, which is not supported; peerings need sidecars`,
      );
    }
    if (options.labels && !options.create) {
      throw new MeshError(
        'MESH1106',
        where,
        `namespace '${name}' has labels but exists already, so they would not be written; say create: true, or leave them out`,
      );
    }
    this.members.add(name);
    this.sorted = undefined;
    const byMember = platform.has('ServiceMeshMember');
    if (options.create) {
      const { labels = {} } = options;
      this.write(name, byMember ? labels : injection.ofNamespace(name, labels, where));
    }
    if (byMember) {
      new ServiceMeshMember(base, `ServiceMeshMember ${name}`, {
        metadata: { name: 'default', namespace: name },
        spec: {
          controlPlaneRef: { name: controlPlane.name(mesh), namespace: controlPlane.namespace },
        },
      });
    }
  }

  private write(name: string, labels: Record<string, string>): void {
    new Namespace(this.place.base, `Namespace ${name}`, {
      metadata: { name, annotations: FOUNDATION, ...(Object.keys(labels).length > 0 && { labels }) },
    });
  }
}
