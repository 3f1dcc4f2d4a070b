import type { Construct } from 'constructs';
import { MeshError } from '../facts/error';
import type { MeshFacts, PathNormalization } from '../facts/fleet';
import { checkOptions } from '../facts/guard';
import { mark } from '../facts/marks';
import { dnsLabel, trustDomain } from '../facts/names';
import { Fleet } from '../fleet/fleet';
import type { OtherRoots } from '../trust/other-roots';
import { valuesFile } from './control-plane/installation-values';
import { CONTROL_PLANE_OPTIONS, EXISTING_OPTIONS, SAIL_OPTIONS } from './control-plane/option-guards';
import type {
  ControlPlaneContext,
  ControlPlaneOptions,
  ControlPlaneSettings,
  ExistingControlPlaneOptions,
  OutboundTrafficPolicy,
  SailOptions,
  WrittenControlPlaneOptions,
} from './control-plane/options';
import { DEFAULT_REVISION } from './control-plane/revision';
import { writeSail } from './control-plane/sail';
import { writeSmcp } from './control-plane/smcp';

/** Who writes a control plane. */
type ControlPlaneKind = 'existing' | 'smcp' | 'sail';

/** How a control plane is written. */
interface Writer {
  readonly kind: ControlPlaneKind;
  /** Name of its own object, where it is not that of the mesh. */
  readonly name?: string;
  /** Revision of istiod, where it is stated. */
  readonly revision?: string;
  /** Revision of istiod in a mesh, where none is stated. */
  usualRevision(mesh: string): string;
  write(scope: Construct, settings: ControlPlaneSettings, context: ControlPlaneContext): void;
}

const theDefault = () => DEFAULT_REVISION;

/** Where istiod is and who writes it. A value. */
export class ControlPlane implements ControlPlaneSettings {
  static {
    mark(ControlPlane.prototype, 'ControlPlane');
  }

  /**
   * It exists; no object is written. What peerings need of it and no installation has by itself is printed to
   * `dist/values/<cluster>/<mesh>.yaml`, for whoever installs it.
   *
   * @throws MESH1001 for a malformed namespace or revision; MESH1401 for a malformed trust domain.
   */
  public static existing(namespace: string, options: ExistingControlPlaneOptions = {}): ControlPlane {
    checkOptions<ExistingControlPlaneOptions>(options, 'ControlPlane.existing', EXISTING_OPTIONS);
    const { name, revision } = options;
    return new ControlPlane(namespace, options, {
      kind: 'existing',
      name,
      revision,
      usualRevision: theDefault,
      write: printValues,
    });
  }

  /**
   * A ServiceMeshControlPlane (OpenShift Service Mesh 2), named as the mesh.
   *
   * @throws MESH1001 for a malformed namespace; MESH1401 for a malformed trust domain.
   */
  public static smcp(namespace: string, options: WrittenControlPlaneOptions = {}): ControlPlane {
    checkOptions<WrittenControlPlaneOptions>(options, 'ControlPlane.smcp', CONTROL_PLANE_OPTIONS);
    return new ControlPlane(namespace, options, { kind: 'smcp', usualRevision: theDefault, write: writeSmcp });
  }

  /**
   * An `Istio` of the Sail operator (upstream, or OpenShift Service Mesh 3), named as the mesh.
   *
   * @throws MESH1001 for a malformed namespace or revision; MESH1401 for a malformed trust domain; MESH1006 for an
   * updateStrategy or cni that is none.
   */
  public static sail(namespace: string, options: SailOptions = {}): ControlPlane {
    checkOptions<SailOptions>(options, 'ControlPlane.sail', SAIL_OPTIONS);
    const { revision } = options;
    return new ControlPlane(namespace, options, {
      kind: 'sail',
      revision,
      usualRevision: (mesh) => mesh,
      write: (scope, settings, context) => writeSail(scope, settings, context, options, revision ?? context.mesh),
    });
  }

  /** What happens to calls to hosts that the mesh does not know. */
  public readonly outboundTrafficPolicy: OutboundTrafficPolicy;
  public readonly mtls: boolean;
  public readonly pluggedInCa: boolean;
  public readonly network?: string;
  public readonly dnsCapture: boolean;
  public readonly trustDomainAliases: readonly string[];
  public readonly otherRoots?: OtherRoots;
  public readonly pathNormalization?: PathNormalization;

  private constructor(
    public readonly namespace: string,
    options: ControlPlaneOptions,
    private readonly writer: Writer,
  ) {
    const where = 'ControlPlane';
    dnsLabel(namespace, where, 'namespace');
    if (writer.revision !== undefined) dnsLabel(writer.revision, where, 'revision');
    for (const domain of options.trustDomainAliases ?? []) trustDomain(domain, where);
    this.outboundTrafficPolicy = options.outboundTrafficPolicy ?? 'ALLOW_ANY';
    this.mtls = options.mtls ?? false;
    this.pluggedInCa = options.pluggedInCa ?? false;
    this.network = options.network;
    this.dnsCapture = options.dnsCapture ?? false;
    this.trustDomainAliases = [...new Set(options.trustDomainAliases)].sort();
    this.otherRoots = options.otherRoots;
    this.pathNormalization = options.pathNormalization;
  }

  /** Who writes it, as `dist/fleet.json` calls it. */
  public get kind(): ControlPlaneKind {
    return this.writer.kind;
  }

  /** Name of its own object, where it has one. */
  public name(mesh: string): string {
    return this.writer.name ?? mesh;
  }

  /** Revision of istiod in a mesh, as namespaces and pods ask for it. */
  public revision(mesh: string): string {
    return this.writer.revision ?? this.writer.usualRevision(mesh);
  }

  /**
   * Whether workloads accept certificates of a trust domain, in a mesh with this one.
   *
   * @param own trust domain of the mesh.
   */
  public accepts(domain: string, own: string): boolean {
    return domain === own || this.trustDomainAliases.includes(domain) || (this.otherRoots?.accepts(domain) ?? false);
  }

  /**
   * @internal writes it, or prints what it must have.
   * @throws MESH1105 when the platform does not know its kind; MESH1117 when it states the mesh's own trust domain as
   * another one; MESH1121 for a revision where namespaces are members; MESH1123 for an IstioCNI of another version.
   */
  public write(scope: Construct, context: ControlPlaneContext): void {
    if (this.trustDomainAliases.includes(context.trustDomain)) {
      throw new MeshError(
        'MESH1117',
        context.where,
        `trustDomainAliases names '${context.trustDomain}', which is the trust domain of the mesh itself; leave it out`,
      );
    }
    if (this.writer.revision !== undefined && context.platform.has('ServiceMeshMember')) {
      throw new MeshError(
        'MESH1121',
        context.where,
        `revision is '${this.writer.revision}', but on ${context.platform.name} namespaces are members, whatever their labels; leave it out`,
      );
    }
    this.writer.write(scope, this, context);
  }

  /**
   * @internal as `dist/fleet.json` holds it.
   * @param mesh name of the mesh.
   */
  public facts(mesh: string): MeshFacts['controlPlane'] {
    const { namespace, kind, outboundTrafficPolicy, mtls, dnsCapture, network, trustDomainAliases, otherRoots } = this;
    const { pathNormalization } = this;
    const revision = this.revision(mesh);
    return {
      namespace,
      writtenBy: kind,
      outboundTrafficPolicy,
      mtls,
      ...(revision !== DEFAULT_REVISION && { revision }),
      ...(dnsCapture && { dnsCapture }),
      ...(network !== undefined && { network }),
      ...(trustDomainAliases.length > 0 && { trustDomainAliases: [...trustDomainAliases] }),
      ...(otherRoots && { otherRoots: otherRoots.facts() }),
      ...(pathNormalization && { pathNormalization }),
    };
  }
}

/** Adds the file of what an installation must have to the output, where there is something to say. */
function printValues(scope: Construct, settings: ControlPlaneSettings, context: ControlPlaneContext): void {
  const file = valuesFile(settings, context);
  if (file) Fleet.of(scope).addOutput(file.path, () => file.text);
}
