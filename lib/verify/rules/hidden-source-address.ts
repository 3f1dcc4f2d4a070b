import { type ClusterInput, type Found, objectsOf } from '../objects';
import { Planes } from '../planes';
import type { ClusterRule } from '../rule';
import type { AuthorizationPolicySpec } from '../world/istio-types';
import { type Labels, selects } from '../world/resource';

/** A policy about the addresses of callers at a gateway whose nodes put their own in their place. */
export const hiddenSourceAddress: ClusterRule = {
  code: 'MESH3110',
  severity: 'warning',
  scope: 'cluster',
  title: 'addresses of callers that nodes hide',
  why: "a node that hands a connection to a pod of another node puts its own address in the place of the caller's: the policy sees that one, and denies callers, or lets in all of them",
  fix: "state externalTrafficPolicy: 'Local' of the gateway's Service; accept the finding where the load balancer dials pods itself, or nodes keep the address otherwise",
  reads: ['AuthorizationPolicy', 'Service', 'ServiceMeshControlPlane'],
  check: (input) => {
    const planes = new Planes(input.facts);
    const services = [...objectsOf<ServiceSpec>(input, 'Service', ''), ...servicesOfControlPlanes(input)].filter(
      ({ spec: { type, externalTrafficPolicy } }) =>
        (type === 'LoadBalancer' || type === 'NodePort') && externalTrafficPolicy !== 'Local',
    );
    return objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io')
      .filter(asksForAddress)
      .flatMap((policy) => {
        const { cluster, namespace, spec, ref } = policy;
        const isHere = (one: Found<ServiceSpec>) =>
          one.cluster === cluster && (one.namespace === namespace || namespace === planes.rootOf(policy));
        return services
          .filter((one) => isHere(one) && selects(spec.selector?.matchLabels, one.spec.selector ?? {}))
          .map((one) => ({
            objects: [ref, one.ref],
            message: `${ref} asks where connections come from (ipBlocks), and ${one.ref}, of type ${one.spec.type}, has externalTrafficPolicy ${one.spec.externalTrafficPolicy ?? 'Cluster'}`,
          }));
      });
  },
};

interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Labels;
  readonly externalTrafficPolicy?: string;
}

const asksForAddress = ({ spec: { rules = [] } }: Found<AuthorizationPolicySpec>): boolean =>
  rules.some(
    ({ from = [], when = [] }) =>
      when.some(({ key }) => key === 'source.ip') ||
      from.some(({ source = {} }) => (source.ipBlocks ?? source.notIpBlocks) !== undefined),
  );

interface SmcpGateway {
  readonly namespace?: string;
  readonly service?: ServiceSpec & { readonly metadata?: { readonly labels?: Labels } };
}

interface SmcpSpec {
  readonly gateways?: {
    readonly ingress?: SmcpGateway;
    readonly additionalIngress?: Readonly<Record<string, SmcpGateway>>;
  };
}

/** Services that the operator of OpenShift Service Mesh 2 writes: their labels are those of the pods. */
function servicesOfControlPlanes(input: ClusterInput): Found<ServiceSpec>[] {
  return objectsOf<SmcpSpec>(input, 'ServiceMeshControlPlane', 'maistra.io').flatMap((plane) => {
    const { ingress, additionalIngress = {} } = plane.spec.gateways ?? {};
    return [ingress ?? {}, ...Object.values(additionalIngress)].flatMap(({ namespace = plane.namespace, service }) =>
      service ? [{ ...plane, namespace, spec: { ...service, selector: service.metadata?.labels ?? {} } }] : [],
    );
  });
}
