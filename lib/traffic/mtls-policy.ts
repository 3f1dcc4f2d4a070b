import { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import { MeshError } from '../facts/error';
import { checkOptions, type Guards, made, mapOf, oneOf, optional, text } from '../facts/guard';
import { dnsLabel } from '../facts/names';
import { portNumber } from '../facts/port';
import type { MeshService } from '../facts/service';
import { childId, ownPath } from '../fleet/child-id';
import type { MeshChart } from '../fleet/mesh-chart';
import type { Mesh } from '../mesh/mesh';
import type { MtlsMode } from '../mesh/mtls-modes';
import { clientTls } from '../mesh/service-rule';
import { describeScope, type PolicyScope, PolicyScopes } from './policy-scopes';

/** What an mTLS policy states. Without `namespace` and `service` it is about the whole mesh. */
export interface MtlsPolicyProps {
  /** How workloads take connections: mTLS only, both, or clear text only. */
  readonly mode: MtlsMode;
  /**
   * Only workloads of this namespace.
   * @default - the namespace of `service`; else the whole mesh
   */
  readonly namespace?: string;
  /**
   * Only workloads with these pod labels.
   * @default - all workloads of the namespace; the pods of a service
   */
  readonly workload?: Record<string, string>;
  /**
   * Only the workloads that back this service. Callers are told what it takes where the platform needs it, so a policy
   * for workloads that others call should name their service.
   * @default - none
   */
  readonly service?: MeshService;
  /**
   * Other modes for some ports of the workload (the ports that its containers listen on, not those of the Service).
   * @default - `mode` for all ports
   */
  readonly ports?: Record<number, MtlsMode>;
}

const MODE = oneOf('STRICT', 'PERMISSIVE', 'DISABLE');
const PROPS: Guards<MtlsPolicyProps> = {
  mode: MODE,
  namespace: optional(text),
  workload: optional(mapOf(text)),
  service: optional(made('a service of the mesh: mesh.service(…)', 'MeshService')),
  ports: optional(mapOf(MODE)),
};

/**
 * mTLS mode of a mesh, a namespace or a workload, with modes of single ports: a PeerAuthentication, and the
 * DestinationRule by which callers learn of it.
 *
 * With automatic mTLS (Istio's default) sidecars find out what a workload takes, and no DestinationRule is written.
 * OpenShift Service Mesh 2 with `mtls: true` encrypts every call to the cluster by a rule of its own; there, workloads
 * that take clear text only need a rule that says so.
 */
export class MtlsPolicy extends Construct {
  private readonly name: string;
  private readonly where: string;

  /**
   * @throws MESH1001 for a malformed id; MESH1130 for one that is taken; MESH1305 when another policy, or the control
   * plane, is about the same workloads; MESH1306 for options that do not fit together.
   */
  constructor(mesh: Mesh, id: string, props: MtlsPolicyProps) {
    super(mesh, childId(mesh, id, { kind: 'policy', scope: 'Mesh', isApart: true }));
    this.name = id;
    this.where = ownPath(mesh, id);
    checkOptions<MtlsPolicyProps>(props, this.where, PROPS);
    const { mode, service, ports } = props;
    const { where } = this;
    checkProps(mesh, id, props, where);
    const namespace = service?.namespace ?? props.namespace;
    const workload = props.workload ?? service?.pods;
    if (service) checkService(mesh, service, ports, where);
    checkScope(mesh, { namespace, workload, where });
    const chart = mesh.ownChart(this, 'chart', `mtls.${id}`);
    new istio.PeerAuthentication(chart, 'PeerAuthentication', {
      apiVersion: mesh.platform.apiVersion('PeerAuthentication'),
      // Istio knows one policy per mesh and namespace; with this name a second one cannot be
      metadata: { name: workload ? id : 'default', namespace: namespace ?? mesh.controlPlane.namespace },
      spec: {
        ...(workload && { selector: { matchLabels: workload } }),
        mtls: { mode },
        ...(ports && { portLevelMtls: portModes(ports) }),
      },
    });
    this.tellCallers(mesh, chart, props);
  }

  /** Under a mesh-wide ISTIO_MUTUAL rule, callers are told what the workloads take. */
  private tellCallers(mesh: Mesh, chart: MeshChart, { mode, service, namespace, workload, ports }: MtlsPolicyProps) {
    const modes = mesh.mtls;
    if (!modes.hasMeshWideRule) return;
    if (service) {
      modes.setService(service, { mode, ports: ports ?? {} });
      mesh.writeServiceRule(service.host);
      return;
    }
    if (workload) {
      throw new MeshError(
        'MESH1306',
        this.where,
        `${mesh.platform.name} with mtls: true encrypts every call by a rule of its own, so callers of these workloads need a rule, too; state their service instead of the namespace: service: …`,
      );
    }
    if (namespace === undefined) return;
    modes.setNamespace(namespace, mode);
    if (mode !== 'DISABLE') return;
    new istio.DestinationRule(chart, 'DestinationRule', {
      apiVersion: mesh.platform.apiVersion('DestinationRule'),
      metadata: { name: `${this.name}.mtls`, namespace },
      spec: {
        host: `*.${namespace}.svc.${mesh.cluster.domain}`,
        trafficPolicy: { tls: { mode: clientTls(mode) } },
      },
    });
  }
}

/** @throws MESH1305 when the control plane, or another policy, states the mode of the same workloads. */
function checkScope(mesh: Mesh, scope: PolicyScope): void {
  const { where } = scope;
  const taken = (message: string) => new MeshError('MESH1305', where, message);
  const { platform, controlPlane } = mesh;
  const isMeshWide = scope.namespace === undefined;
  const own = `PeerAuthentication ${controlPlane.namespace}/default`;
  // the control plane's own policy is an object of the same name
  if (isMeshWide && platform.has('ServiceMeshControlPlane')) {
    throw taken(
      `the ServiceMeshControlPlane writes the policy of the whole mesh itself (${own}); state it there: ControlPlane.smcp('${controlPlane.namespace}', { mtls: true }) is STRICT, mtls: false PERMISSIVE`,
    );
  }
  if (isMeshWide && controlPlane.mtls) {
    throw taken(
      `the control plane states mtls: true, which is a policy STRICT of the whole mesh (${own}); leave mtls out there, or this policy`,
    );
  }
  const other = PolicyScopes.of(mesh).claim(scope);
  if (other !== undefined) {
    throw taken(
      `policy '${other.where}' is about ${describeScope(other)}, too, and of two the older would win; state one policy for each`,
    );
  }
}

function portModes(ports: Record<number, MtlsMode>): Record<string, { mode: MtlsMode }> {
  return Object.fromEntries(Object.entries(ports).map(([port, mode]) => [port, { mode }]));
}

function checkProps(mesh: Mesh, id: string, props: MtlsPolicyProps, where: string): void {
  const { namespace, workload, service, ports } = props;
  const refuse = (problem: string) => {
    throw new MeshError('MESH1306', where, problem);
  };
  if (namespace !== undefined) {
    dnsLabel(namespace, where, 'namespace');
    if (service) refuse(`namespace '${namespace}' and service ${service.ref} are both stated; leave the namespace out`);
    if (!workload && namespace === mesh.controlPlane.namespace) {
      refuse(
        `namespace '${namespace}' is that of the control plane, where a policy is about the whole mesh; leave the namespace out`,
      );
    }
    if (namespace !== mesh.controlPlane.namespace && !mesh.hasNamespace(namespace)) {
      refuse(
        `namespace '${namespace}' is none of the mesh, so the policy would apply to nothing; the mesh has ${mesh.namespaces.join(', ') || 'none'}: declare it with mesh.namespace('${namespace}')`,
      );
    }
  }
  if (workload && Object.keys(workload).length === 0) {
    refuse('the labels of workload are empty, so they would select the whole namespace; state labels, or leave it out');
  }
  if (workload && namespace === undefined && !service) {
    refuse('workload labels are stated without a namespace; state the namespace, or the service');
  }
  if (workload && !service && id === 'default') {
    refuse("id 'default' is the name of the policy of the whole namespace; choose another one");
  }
  if (ports === undefined) return;
  if (!workload && !service) {
    refuse(
      'ports are stated for more than one workload; Istio looks at ports only with a workload: state service or workload',
    );
  }
  if (Object.keys(ports).length === 0) refuse('the list of ports is empty; state a port, or leave it out');
  for (const port of Object.keys(ports)) portNumber(Number(port), where);
}

function checkService(
  mesh: Mesh,
  service: MeshService,
  ports: Record<number, MtlsMode> | undefined,
  where: string,
): void {
  if (service.owner.mesh !== mesh.node.path) {
    throw new MeshError(
      'MESH1306',
      where,
      `service ${service.ref} is of mesh ${service.owner.mesh}; expected a service of ${mesh.node.path}`,
    );
  }
  const known = mesh.callable.portsOf(service);
  for (const port of Object.keys(ports ?? {}).map(Number)) {
    if (known.some(({ targetPort }) => targetPort === port)) continue;
    const meant = known.find(({ number }) => number === port);
    throw new MeshError(
      'MESH1306',
      where,
      meant
        ? `port ${port} is the port of Service ${service.ref}, whose workload listens on ${meant.targetPort}; state ${meant.targetPort}`
        : `the workload of ${service.ref} does not listen on port ${port}; it listens on ${known.map(({ targetPort }) => targetPort).join(', ')}`,
    );
  }
}
