import type { Construct } from 'constructs';
import { MeshError } from '../facts/error';
import type { MeshFacts, PathNormalization } from '../facts/fleet';
import { dnsLabel, trustDomain } from '../facts/names';
import { Fleet } from '../fleet/fleet';
import type { OtherRoots } from '../trust/other-roots';
import { valuesFile } from './control-plane/installation-values';
import type {
  ControlPlaneContext,
  ControlPlaneOptions,
  ControlPlaneSettings,
  ExistingControlPlaneOptions,
  OutboundTrafficPolicy,
  SailOptions,
  WrittenControlPlaneOptions,
} from './control-plane/options';
import { writeSail } from './control-plane/sail';
import { writeSmcp } from './control-plane/smcp';

/** Who writes a control plane. */
type ControlPlaneKind = 'existing' | 'smcp' | 'sail';

/** How a control plane is written. */
interface Writer {
  readonly kind: ControlPlaneKind;
  /** Name of its own object, where it is not that of the mesh. */
  readonly name?: string;
  write(scope: Construct, settings: ControlPlaneSettings, context: ControlPlaneContext): void;
}

/** Where istiod is and who writes it. A value. */
export class ControlPlane implements ControlPlaneSettings {
  /**
   * It exists; no object is written. What peerings need of it and no installation has by itself is printed to
   * `dist/values/<cluster>/<mesh>.yaml`, for whoever installs it.
   *
   * @throws MESH1001 for a malformed namespace; MESH1401 for a malformed trust domain.
   */
  public static existing(namespace: string, options: ExistingControlPlaneOptions = {}): ControlPlane {
    return new ControlPlane(namespace, options, { kind: 'existing', name: options.name, write: printValues });
  }

  /**
   * A ServiceMeshControlPlane (OpenShift Service Mesh 2), named as the mesh.
   *
   * @throws MESH1001 for a malformed namespace; MESH1401 for a malformed trust domain.
   */
  public static smcp(namespace: string, options: WrittenControlPlaneOptions = {}): ControlPlane {
    return new ControlPlane(namespace, options, { kind: 'smcp', write: writeSmcp });
  }

  /**
   * An `Istio` of the Sail operator (upstream, or OpenShift Service Mesh 3), named as the mesh.
   *
   * @throws MESH1001 for a malformed namespace; MESH1401 for a malformed trust domain.
   */
  public static sail(namespace: string, options: SailOptions = {}): ControlPlane {
    return new ControlPlane(namespace, options, {
      kind: 'sail',
      write: (scope, settings, context) => writeSail(scope, settings, context, options.version),
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
   * another one.
   */
  public write(scope: Construct, context: ControlPlaneContext): void {
    if (this.trustDomainAliases.includes(context.trustDomain)) {
      throw new MeshError(
        'MESH1117',
        context.where,
        `trustDomainAliases names '${context.trustDomain}', which is the trust domain of the mesh itself; leave it out`,
      );
    }
    this.writer.write(scope, this, context);
  }

  /** @internal as `dist/fleet.json` holds it. */
  public facts(): MeshFacts['controlPlane'] {
    const { namespace, kind, outboundTrafficPolicy, mtls, dnsCapture, network, trustDomainAliases, otherRoots } = this;
    const { pathNormalization } = this;
    return {
      namespace,
      writtenBy: kind,
      outboundTrafficPolicy,
      mtls,
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
