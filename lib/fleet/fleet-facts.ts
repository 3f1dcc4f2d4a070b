import type { IConstruct } from 'constructs';
import { MeshError } from '../facts/error';
import type { Finding } from '../facts/finding';
import type { FleetDocument, GatewayFacts, MeshFacts, PeeringSummary, RootFacts, SecretFacts } from '../facts/fleet';
import type { MeshService } from '../facts/service';
import { formatSecrets } from '../synth/secret-table';
import type { TrustBundle } from '../trust/trust-bundle';
import { Fleet } from './fleet';
import type { Gateway } from './gateway';
import type { Mesh } from './mesh';

const registry = new WeakMap<Fleet, FleetFacts>();

/** What the constructs of a fleet state about it: source of `dist/fleet.json` and of the findings about facts. */
export class FleetFacts {
  /** The facts of the fleet that a construct is in. */
  public static of(scope: IConstruct): FleetFacts {
    const fleet = Fleet.of(scope);
    const existing = registry.get(fleet);
    if (existing) return existing;
    const created = new FleetFacts(fleet);
    registry.set(fleet, created);
    return created;
  }

  private readonly meshes: Mesh[] = [];
  private readonly gateways: Gateway[] = [];
  private readonly peerings: { readonly path: string; readonly summary: () => PeeringSummary }[] = [];
  private readonly secrets = new Map<string, SecretFacts>();
  /** What each Secret with a key pair holds, and who said so. */
  private readonly certificates = new Map<string, { readonly certificate: string; readonly neededBy: string }>();
  private readonly aliases: MeshService[] = [];
  private readonly routed = new Set<string>();
  private readonly findings: (() => Finding[])[] = [];

  private constructor(private readonly fleet: Fleet) {
    fleet.addOutput('fleet.json', () => `${JSON.stringify(this.document(), null, 2)}\n`);
    fleet.addReport(() => formatSecrets(this.secretList));
    fleet.addCheck(() => [...this.unroutedAliases(), ...this.findings.flatMap((find) => find())]);
  }

  public addMesh(mesh: Mesh): void {
    this.meshes.push(mesh);
  }

  public addGateway(gateway: Gateway): void {
    this.gateways.push(gateway);
  }

  /** Notes a peering by its construct path: two in different clusters may have one name. */
  public addPeering(path: string, summary: () => PeeringSummary): void {
    this.peerings.push({ path, summary });
  }

  /**
   * Notes a Secret that must exist; several exposures of a peering need the same one.
   *
   * @throws MESH1404 when another statement says that it holds another certificate.
   */
  public addSecret(secret: SecretFacts): void {
    const { cluster, namespace, name, neededBy } = secret;
    const certificate = certificateOf(secret);
    const key = `${namespace}/${name} @${cluster}`;
    const known = this.certificates.get(key);
    if (known && certificate && known.certificate !== certificate) {
      throw new MeshError(
        'MESH1404',
        neededBy,
        `Secret ${key} shall hold ${certificate}, but for ${known.neededBy} it holds ${known.certificate}; name a Secret of its own for each`,
      );
    }
    if (certificate) this.certificates.set(key, { certificate, neededBy });
    this.secrets.set([cluster, namespace, name, neededBy].join(' '), secret);
  }

  /** The Secrets that must exist, sorted. */
  public get secretList(): SecretFacts[] {
    return [...this.secrets.values()].sort(
      by((secret) => `${secret.cluster}/${secret.namespace}/${secret.name}/${secret.neededBy}`),
    );
  }

  /** Registers something that is only known once everything is stated. */
  public addFindings(find: () => Finding[]): void {
    this.findings.push(find);
  }

  public addAlias(service: MeshService): void {
    this.aliases.push(service);
  }

  /** Notes that a Routing says where calls to this service go; false when another one does already. */
  public addRouted(service: MeshService): boolean {
    const key = `${service.owner.mesh} ${service.host}`;
    const isFirst = !this.routed.has(key);
    this.routed.add(key);
    return isFirst;
  }

  /** The facts as `dist/fleet.json` holds them: sorted, whatever the order of statements. */
  public document(): FleetDocument {
    return {
      version: 1,
      clusters: this.fleet.clusters
        .map((cluster) => ({ name: cluster.node.id, domain: cluster.domain }))
        .sort(by((cluster) => cluster.name)),
      meshes: this.meshes.map((mesh) => this.mesh(mesh)).sort(by((mesh) => `${mesh.cluster}/${mesh.name}`)),
      peerings: [...this.peerings].sort(by(({ path }) => path)).map(({ summary }) => summary()),
      secrets: this.secretList,
    };
  }

  private mesh(mesh: Mesh): MeshFacts {
    return {
      name: mesh.name,
      cluster: mesh.cluster.node.id,
      platform: mesh.platform.name,
      istio: mesh.platform.istio,
      trustDomain: mesh.trustDomain,
      ...(mesh.root && { root: rootFacts(mesh.root) }),
      controlPlane: {
        namespace: mesh.controlPlane.namespace,
        writtenBy: mesh.controlPlane.kind,
        outboundTrafficPolicy: mesh.controlPlane.outboundTrafficPolicy,
        mtls: mesh.controlPlane.mtls,
      },
      namespaces: mesh.namespaces,
      gateways: this.gateways
        .filter((gateway) => gateway.mesh === mesh)
        .map(gatewayFacts)
        .sort(by((gateway) => gateway.name)),
    };
  }

  private unroutedAliases(): Finding[] {
    return this.aliases
      .filter((alias) => !this.routed.has(`${alias.owner.mesh} ${alias.host}`))
      .map((alias) => ({
        code: 'MESH3002',
        severity: 'warning',
        objects: [`Service ${alias.ref} of ${alias.owner.mesh}`],
        message: `the alias ${alias.ref} has no Routing`,
        atRuntime: 'calls to it find no endpoint: 503 UH',
        fix: `add a Routing with host ${alias.ref}, or remove the alias`,
      }));
  }
}

/** The roots of a bundle as facts. */
export function rootFacts(bundle: TrustBundle): RootFacts {
  return { name: bundle.name, sha256: bundle.rootSha256 };
}

/** The certificate that a Secret holds, for messages; undefined for roots alone. */
function certificateOf({ identity, signer, writtenBy }: SecretFacts): string | undefined {
  return identity && `a certificate of ${identity} signed by ${signer?.name}, written by ${writtenBy}`;
}

function gatewayFacts(gateway: Gateway): GatewayFacts {
  const { address } = gateway;
  return {
    name: gateway.name,
    kind: gateway.kind,
    namespace: gateway.namespace,
    service: gateway.service,
    identity: gateway.identity.value,
    ports: gateway.ports.map(({ name, number, targetPort }) => ({ name, number, targetPort })),
    ...(address && {
      address: { kind: address.kind, hosts: address.hosts, ...(address.port !== undefined && { port: address.port }) },
    }),
    ...(gateway.route && { route: gateway.route.termination }),
    denyByDefault: gateway.denyByDefault,
  };
}

/** Compares by a string, letter by letter: the same on every machine. */
function by<T>(key: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}
