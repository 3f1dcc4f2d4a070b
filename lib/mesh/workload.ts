import { Construct } from 'constructs';
import { Deployment, Service, ServiceAccount } from '../../imports/kubernetes';
import { MeshError } from '../facts/error';
import { checkOptions, flag, listOf, made, mapOf, number, optional, text } from '../facts/guard';
import { dnsLabel } from '../facts/names';
import type { Port } from '../facts/port';
import type { MeshService } from '../facts/service';
import { childId, ownPath } from '../fleet/child-id';
import type { MeshChart } from '../fleet/mesh-chart';
import { Credential } from '../trust/credential';
import type { Mesh } from './mesh';
import type { Probe } from './probe';
import { containerResources, RESOURCES, type Resources } from './resources';
import { servicePort } from './service-port';

/** What a workload states. */
export interface WorkloadProps {
  /** The service that it backs. */
  readonly service: MeshService;
  /** Container image, with a tag or digest. */
  readonly image: string;
  /**
   * Label `version` of its pods.
   * @default 'v1'
   */
  readonly version?: string;
  /**
   * Number of pods.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Environment of the container.
   * @default - none
   */
  readonly env?: Record<string, string>;
  /**
   * Credentials whose files are mounted into its sidecars.
   * @default - none
   */
  readonly sidecarFiles?: Credential<'file'>[];
  /**
   * What the container asks of its node; the sidecar's part is the mesh's business.
   * @default - nothing: it gets what is left, and is ended first where memory is short
   */
  readonly resources?: Resources;
  /**
   * Whether the container gets a token of its ServiceAccount, with which it may do what the sidecar may: read every
   * Secret of its namespace, where a peering has its key pair there. Sidecars of Istio bring a token of their own; those
   * of OpenShift Service Mesh 2 may need this one.
   * @default - true, as Kubernetes has it
   */
  readonly automountServiceAccountToken?: boolean;
  /**
   * When a pod takes calls.
   * @default - as soon as its container runs
   */
  readonly readiness?: Probe;
  /**
   * When the container is started anew.
   * @default - when it ends
   */
  readonly liveness?: Probe;
  /**
   * When the container has started: the other two are asked from then on.
   * @default - at once
   */
  readonly startup?: Probe;
}

const PROBE = optional(made("one such as Probe.http('/ready')", 'Probe'));

/** Registry and repository with a tag, a digest, or both. */
const IMAGE = /^[^\s:@]+(:\d+\/[^\s:@]+)?(:[\w.-]+|(:[\w.-]+)?@sha256:[0-9a-f]{64})$/;

/** A variable that every API server takes; newer ones take more. */
const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/**
 * One version of what backs a service: a Deployment, with the Service and ServiceAccount that all versions share. Pods
 * carry the labels of the service's pods (`app: <name>` where it states none) and `version`.
 */
export class Workload extends Construct {
  /**
   * @throws MESH1109 for a service of another mesh, an alias, a version that another workload backs, a malformed image,
   * variable or number of pods; MESH1001 for a malformed version; MESH1164 for resources, MESH1168 for a probe that does not fit.
   */
  constructor(mesh: Mesh, id: string, props: WorkloadProps) {
    super(mesh, childId(mesh, id, { kind: 'workload', scope: 'Mesh', isApart: true }));
    const where = ownPath(mesh, id);
    checkOptions<WorkloadProps>(props, where, {
      service: made('a service of the mesh: mesh.service(…)', 'MeshService'),
      image: text,
      version: optional(text),
      replicas: optional(number),
      env: optional(mapOf(text)),
      sidecarFiles: optional(listOf(made('Credential.files(…)', 'Credential'))),
      resources: optional(RESOURCES),
      automountServiceAccountToken: optional(flag),
      readiness: PROBE,
      liveness: PROBE,
      startup: PROBE,
    });
    const { service, image, automountServiceAccountToken } = props;
    const version = dnsLabel(props.version ?? 'v1', where, 'version');
    if (service.owner.mesh !== mesh.node.path) {
      throw new MeshError(
        'MESH1109',
        where,
        `service ${service.ref} is of mesh ${service.owner.mesh}; expected one of ${mesh.node.path}`,
      );
    }
    if (!IMAGE.test(image) || image.endsWith(':latest')) {
      throw new MeshError(
        'MESH1109',
        where,
        `image '${image}' has no fixed tag or digest; expected something like 'quay.io/example/insurances:1.0'`,
      );
    }
    const variable = Object.keys(props.env ?? {}).find((name) => !VARIABLE.test(name));
    if (variable !== undefined) {
      throw new MeshError(
        'MESH1109',
        where,
        `the name '${variable}' in env is malformed; expected letters, digits, '_', '-' and '.', without a digit in front`,
      );
    }
    const replicas = props.replicas ?? 1;
    if (!Number.isInteger(replicas) || replicas < 0) {
      throw new MeshError('MESH1109', where, `replicas ${replicas} is malformed; expected a whole number, 0 or more`);
    }
    const { name, namespace } = service;
    const ports = mesh.callable.portsOf(service);
    const chart = mesh.serviceChart(service);
    checkVacant(chart, service, version, where);
    const { pods } = service;
    if (chart.node.tryFindChild('Service') === undefined) {
      new ServiceAccount(chart, 'ServiceAccount', { metadata: { name, namespace } });
      new Service(chart, 'Service', {
        metadata: { name, namespace, labels: pods },
        spec: { selector: pods, ports: ports.map(servicePort) },
      });
    }
    const labels = { ...pods, version };
    const resources = containerResources(props.resources, where);
    new Deployment(chart, `Deployment ${version}`, {
      metadata: { name: `${name}-${version}`, namespace, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: {
          // OpenShift Service Mesh 2 injects only pods that ask for it
          metadata: {
            labels: { ...labels, ...mesh.injection.ofPods },
            ...(props.sidecarFiles?.length && { annotations: Credential.podAnnotations(...props.sidecarFiles) }),
          },
          spec: {
            serviceAccountName: name,
            ...(automountServiceAccountToken !== undefined && { automountServiceAccountToken }),
            securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                name,
                image,
                ports: ports.map(({ targetPort }) => ({ containerPort: targetPort })),
                ...(props.env && {
                  env: Object.entries(props.env).map(([key, value]) => ({ name: key, value })),
                }),
                ...(resources && { resources }),
                ...probesOf(props, ports, where),
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              },
            ],
          },
        },
      },
    });
  }
}

/** Probes as a container has them. */
function probesOf({ readiness, liveness, startup }: WorkloadProps, ports: readonly Port[], where: string) {
  return {
    ...(readiness && { readinessProbe: readiness.render({ of: 'readiness', ports, where }) }),
    ...(liveness && { livenessProbe: liveness.render({ of: 'liveness', ports, where }) }),
    ...(startup && { startupProbe: startup.render({ of: 'startup', ports, where }) }),
  };
}

/** A version is backed once, and an alias by nothing. */
function checkVacant(chart: MeshChart, service: MeshService, version: string, where: string): void {
  const has = (id: string) => chart.node.tryFindChild(id) !== undefined;
  if (has('Service') && !has('ServiceAccount')) {
    throw new MeshError(
      'MESH1109',
      where,
      `${service.ref} is an alias, which has no endpoints of its own; state it with mesh.service()`,
    );
  }
  if (has(`Deployment ${version}`)) {
    throw new MeshError(
      'MESH1109',
      where,
      `another workload backs version '${version}' of ${service.ref}; state another version`,
    );
  }
}
