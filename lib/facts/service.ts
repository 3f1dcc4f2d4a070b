import type { Destination, NextHop } from './destination';
import { MeshError } from './error';
import { checkOptions, type Guards, listOf, made, mapOf, optional, text } from './guard';
import { mark } from './marks';
import { dnsLabel, serviceName } from './names';
import type { Port, Protocol } from './port';
import { serviceHost } from './service-host';

declare const brand: unique symbol;

/** What a service states about itself. */
export interface MeshServiceProps<P extends Protocol> {
  /** Kubernetes namespace. */
  readonly namespace: string;
  /** At least one; numbers and names are unique. */
  readonly ports: Port<P>[];
  /**
   * Subsets by name: the pod labels that tell them apart.
   * @default - none
   */
  readonly subsets?: Record<string, Record<string, string>>;
  /**
   * Labels of the pods that back it: policies at its workload select them.
   * @default - `{ app: <name> }`, as `Workload` labels its pods
   */
  readonly pods?: Record<string, string>;
}

const PORT = made('a port such as Port.http(8080)', 'Port');

const PROPS: Guards<MeshServiceProps<Protocol>> = {
  namespace: text,
  ports: listOf(made('ports such as Port.http(8080)', 'Port')),
  subsets: optional(mapOf(mapOf(text))),
  pods: optional(mapOf(text)),
};

/** Of which mesh a service is. */
export interface MeshServiceOwner {
  /** Construct path of the mesh, such as `east/production`. */
  readonly mesh: string;
  /** DNS domain of the cluster, such as `cluster.local`. */
  readonly domain: string;
}

/**
 * A fact: something callable in a mesh. Writes nothing; made by `mesh.service()` and `mesh.alias()`.
 *
 * It is a destination of rules itself when it has one port; otherwise say which with `at()`.
 */
export class MeshService<P extends Protocol = Protocol> implements Destination<P> {
  static {
    mark(MeshService.prototype, 'MeshService');
  }

  declare protected readonly [brand]: P;
  /** What kind of thing that a peering exposes it is. */
  public readonly kind = 'meshService';
  /** Fully qualified name, such as `insurances.premium-broker.svc.cluster.local`. */
  public readonly host: string;
  /** Namespace of the Service. */
  public readonly namespace: string;
  /** Its ports; one, for a value that `at()` gave. */
  public readonly ports: Port<P>[];
  /** Pod labels of each subset. */
  public readonly subsets: Record<string, Record<string, string>>;
  /** Labels of the pods that back it. */
  public readonly pods: Record<string, string>;
  /** `<namespace>/<name>`, as messages and contracts name it. */
  public readonly ref: string;

  constructor(
    /** The mesh that it is of. */
    public readonly owner: MeshServiceOwner,
    /** Name of the Service. */
    public readonly name: string,
    private readonly props: MeshServiceProps<P>,
  ) {
    checkOptions<MeshServiceProps<Protocol>>(props, `${owner.mesh}/${name}`, PROPS);
    const where = `${owner.mesh}/${props.namespace}/${name}`;
    this.namespace = dnsLabel(props.namespace, where, 'namespace');
    serviceName(name, where, 'service name');
    if (props.ports.length === 0) {
      throw new MeshError('MESH1101', where, 'a service without ports cannot be called; state at least one port');
    }
    for (const key of props.ports.length > 1 ? (['number', 'name'] as const) : []) {
      const seen = new Set(props.ports.map((port) => port[key]));
      if (seen.size < props.ports.length) {
        throw new MeshError(
          'MESH1101',
          where,
          `ports ${props.ports.map((port) => `${port.name} ${port.number}`).join(', ')} repeat a ${key}; expected each once${key === 'name' ? ", such as Port.http(8081, { name: 'http-admin' })" : ''}`,
        );
      }
    }
    for (const [subset, labels] of Object.entries(props.subsets ?? {})) {
      dnsLabel(subset, where, 'subset');
      if (Object.keys(labels).length === 0) {
        throw new MeshError(
          'MESH1104',
          where,
          `subset '${subset}' has no labels, so it would select every pod; state the pod labels that tell it apart`,
        );
      }
    }
    if (props.pods && Object.keys(props.pods).length === 0) {
      throw new MeshError(
        'MESH1101',
        where,
        "'pods' has no labels, so policies would select every pod of the namespace; state the labels of its pods, or leave it out",
      );
    }
    this.ports = [...props.ports];
    this.subsets = { ...props.subsets };
    this.pods = { ...(props.pods ?? { app: name }) };
    this.host = serviceHost(name, props.namespace, owner.domain);
    this.ref = `${props.namespace}/${name}`;
  }

  /**
   * One port of a service with several.
   *
   * @throws MESH1102 when the service has no such port.
   */
  public at<Q extends P>(port: Port<Q>): MeshService<Q> {
    PORT(port, this.path, 'port');
    const own = this.ports.find(
      (candidate) => candidate.number === port.number && candidate.protocol === port.protocol,
    );
    if (own === undefined) {
      throw new MeshError(
        'MESH1102',
        this.path,
        `port ${port.protocol} ${port.number} is not one of the service; it has ${this.portList}`,
      );
    }
    return new MeshService<Q>(this.owner, this.name, { ...this.props, ports: [own as unknown as Port<Q>] });
  }

  /**
   * A subset as a destination of rules.
   *
   * @throws MESH1104 when the service declares no such subset; MESH1103 when it has several ports.
   */
  public subset(name: string): Destination<P> {
    this.requireSubset(name);
    return { protocol: this.port.protocol, usableIn: this.usableIn, nextHop: { ...this.nextHop, subset: name } };
  }

  /**
   * Checks that a subset is declared.
   *
   * @throws MESH1104 when it is not.
   */
  public requireSubset(name: string): void {
    if (!Object.hasOwn(this.subsets, name)) {
      const known = Object.keys(this.subsets).sort();
      throw new MeshError(
        'MESH1104',
        this.path,
        `subset '${name}' is not declared; ${known.length > 0 ? `declared are ${known.join(', ')}` : 'the service declares none'}: add it to 'subsets' with its pod labels`,
      );
    }
  }

  /**
   * The port that is meant.
   *
   * @throws MESH1103 when the service has several: say which with `at()`.
   */
  public get port(): Port<P> {
    if (this.ports.length > 1) {
      throw new MeshError(
        'MESH1103',
        this.path,
        `the service has several ports (${this.portList}); say which one with .at(Port.…)`,
      );
    }
    return this.ports[0];
  }

  public get protocol(): P {
    return this.port.protocol;
  }

  public get usableIn(): string {
    return this.owner.mesh;
  }

  public get nextHop(): NextHop {
    return { host: this.host, port: this.port.number };
  }

  private get path(): string {
    return `${this.owner.mesh}/${this.ref}`;
  }

  private get portList(): string {
    return this.ports.map((port) => `${port.protocol} ${port.number}`).join(', ');
  }
}
