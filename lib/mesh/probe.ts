import type { Duration } from 'cdk8s';
import type * as kubernetes from '../../imports/kubernetes';
import { duration } from '../facts/duration';
import { MeshError } from '../facts/error';
import { checkOptions, type Guards, listOf, number, oneOf, optional, text } from '../facts/guard';
import { mark } from '../facts/marks';
import { type Port, portNumber } from '../facts/port';

declare const brand: unique symbol;

/** When and how often a kubelet probes; what is not stated is Kubernetes' own default. */
export interface ProbeOptions {
  /**
   * Time after the start of the container before the first probe; whole seconds.
   * @default - none
   */
  readonly initialDelay?: Duration;
  /**
   * Time between two probes; whole seconds, at least one.
   * @default - 10 s
   */
  readonly period?: Duration;
  /**
   * Time that an answer may take; whole seconds, at least one.
   * @default - 1 s
   */
  readonly timeout?: Duration;
  /**
   * Failures in a row that count.
   * @default 3
   */
  readonly failures?: number;
  /**
   * Successes in a row that count after a failure; more than one for readiness alone.
   * @default 1
   */
  readonly successes?: number;
}

/** A probe of a port. */
export interface PortProbeOptions extends ProbeOptions {
  /**
   * Port of the container: of the service, or one that is for probes alone.
   * @default - that of the service, where it has one
   */
  readonly port?: number;
}

/** A probe by a request. */
export interface HttpProbeOptions extends PortProbeOptions {
  /**
   * Whether the container expects TLS; its certificate is not verified.
   * @default 'HTTP'
   */
  readonly scheme?: 'HTTP' | 'HTTPS';
}

/** A probe of a gRPC health service. */
export interface GrpcProbeOptions extends PortProbeOptions {
  /**
   * The service that the health service is asked for.
   * @default - the server as a whole
   */
  readonly service?: string;
}

const TIMES: Guards<ProbeOptions> = {
  initialDelay: optional(duration),
  period: optional(duration),
  timeout: optional(duration),
  failures: optional(number),
  successes: optional(number),
};
const OF_PORT: Guards<PortProbeOptions> = { ...TIMES, port: optional(number) };

/** What is probed of a container, when its port is known. */
type Action = (port: () => number) => Pick<kubernetes.Probe, 'httpGet' | 'tcpSocket' | 'grpc' | 'exec'>;

/** What a probe is of, for a container of a workload. */
export interface Probed {
  /** What the probe decides. */
  readonly of: 'readiness' | 'liveness' | 'startup';
  /** Ports of the service. */
  readonly ports: readonly Port[];
  /** Construct path of the workload. */
  readonly where: string;
}

/**
 * How a kubelet asks a container whether it is well. A value.
 *
 * A kubelet has no certificate of the mesh. Requests, connections and gRPC probes pass a sidecar all the same, also with
 * `MtlsPolicy` STRICT: injection makes them probes of the sidecar's agent, which asks the container
 * (`rewriteAppHTTPProbers`, Istio's default).
 */
export class Probe {
  static {
    mark(Probe.prototype, 'Probe');
  }

  /**
   * A request, which must be answered with 200 to 399.
   *
   * @throws MESH1168 for a malformed path or time; MESH1003 for a port that is none.
   */
  public static http(path: string, options: HttpProbeOptions = {}): Probe {
    const where = 'Probe.http';
    text(path, where, 'path');
    checkOptions<HttpProbeOptions>(options, where, { ...OF_PORT, scheme: optional(oneOf('HTTP', 'HTTPS')) });
    if (!/^\/[!-~]*$/.test(path)) {
      throw new MeshError('MESH1168', where, `path '${path}' is malformed; expected one such as '/ready'`);
    }
    const { scheme } = options;
    const isTls = scheme === 'HTTPS';
    return new Probe((port) => ({ httpGet: { path, port: port(), ...(scheme && { scheme }) } }), options, where, isTls);
  }

  /** A connection, which must come about. */
  public static tcp(options: PortProbeOptions = {}): Probe {
    checkOptions<PortProbeOptions>(options, 'Probe.tcp', OF_PORT);
    return new Probe((port) => ({ tcpSocket: { port: port() } }), options, 'Probe.tcp');
  }

  /** A call of the gRPC health service (`grpc.health.v1.Health`). */
  public static grpc(options: GrpcProbeOptions = {}): Probe {
    checkOptions<GrpcProbeOptions>(options, 'Probe.grpc', { ...OF_PORT, service: optional(text) });
    const { service } = options;
    return new Probe(
      (port) => ({ grpc: { port: port(), ...(service !== undefined && { service }) } }),
      options,
      'Probe.grpc',
    );
  }

  /**
   * A command in the container, which must end with 0.
   *
   * @throws MESH1168 for an empty command.
   */
  public static command(command: string[], options: ProbeOptions = {}): Probe {
    const where = 'Probe.command';
    listOf(text)(command, where, 'command');
    checkOptions<ProbeOptions>(options, where, TIMES);
    if (command.length === 0)
      throw new MeshError('MESH1168', where, 'command is empty; state a program and its arguments');
    return new Probe(() => ({ exec: { command: [...command] } }), options, where);
  }

  declare protected readonly [brand]: 'Probe';

  private constructor(
    private readonly action: Action,
    private readonly options: PortProbeOptions,
    where: string,
    private readonly isTls?: boolean,
  ) {
    const { port, initialDelay, period, timeout, failures, successes } = options;
    if (port !== undefined) portNumber(port, where);
    const least = { initialDelay: [initialDelay, 0], period: [period, 1], timeout: [timeout, 1] } as const;
    for (const [name, [time, fewest]] of Object.entries(least)) {
      const seconds = time?.toMilliseconds({ integral: false });
      if (seconds === undefined || (seconds % 1000 === 0 && seconds >= fewest * 1000)) continue;
      throw new MeshError('MESH1168', where, `${name} is ${seconds} ms; expected whole seconds, ${fewest} or more`);
    }
    for (const [name, count] of Object.entries({ failures, successes })) {
      if (count === undefined || (Number.isInteger(count) && count >= 1)) continue;
      throw new MeshError('MESH1168', where, `${name} is ${count}; expected a whole number, 1 or more`);
    }
  }

  /**
   * @internal as a container has it.
   *
   * @throws MESH1168 for a port that nobody says, or that carries TLS; for successes that only readiness counts.
   */
  public render({ of, ports, where }: Probed): kubernetes.Probe {
    const { port: stated, initialDelay, period, timeout, failures, successes } = this.options;
    const refuse = (message: string) => new MeshError('MESH1168', where, `the ${of} probe ${message}`);
    if (of !== 'readiness' && successes !== undefined && successes !== 1) {
      throw refuse(`states successes ${successes}, which Kubernetes counts for readiness alone; leave it out`);
    }
    const port = (): number => {
      if (stated === undefined && ports.length > 1) {
        const has = ports.map(({ targetPort }) => targetPort).join(', ');
        throw refuse(`says no port, and the service has several (${has}); state port`);
      }
      const number = stated ?? ports[0].targetPort;
      const served = ports.find(({ targetPort }) => targetPort === number);
      if (served?.protocol === 'tls' && this.isTls === false) {
        throw refuse(
          `sends clear requests to port ${number}, which carries TLS; state scheme: 'HTTPS', or another port`,
        );
      }
      return number;
    };
    return {
      ...this.action(port),
      ...(initialDelay && { initialDelaySeconds: initialDelay.toSeconds() }),
      ...(period && { periodSeconds: period.toSeconds() }),
      ...(timeout && { timeoutSeconds: timeout.toSeconds() }),
      ...(failures !== undefined && { failureThreshold: failures }),
      ...(successes !== undefined && { successThreshold: successes }),
    };
  }
}
