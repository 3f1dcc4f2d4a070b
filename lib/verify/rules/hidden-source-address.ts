import { type Labels, selects } from '../../facts/labels';
import { type ClusterInput, type Found, objectsOf } from '../objects/objects';
import { planesOf } from '../objects/planes';
import { at, type ClusterRule } from '../rule';
import type { AuthorizationPolicySpec } from '../world/istio-types';

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
    const planes = planesOf(input);
    const all: PlacedService[] = [...objectsOf<ServiceSpec>(input, 'Service', ''), ...servicesOfControlPlanes(input)];
    const services = all.filter(
      ({ spec: { type, externalTrafficPolicy } }) =>
        (type === 'LoadBalancer' || type === 'NodePort') && externalTrafficPolicy !== 'Local',
    );
    return objectsOf<AuthorizationPolicySpec>(input, 'AuthorizationPolicy', 'security.istio.io').flatMap((policy) => {
      const asked = addressField(policy);
      if (asked === undefined) return [];
      const { cluster, namespace, spec, ref } = policy;
      const isHere = (one: Found<ServiceSpec>) =>
        one.cluster === cluster && (one.namespace === namespace || namespace === planes.rootOf(policy));
      return services
        .filter((one) => isHere(one) && selects(spec.selector?.matchLabels, one.spec.selector ?? {}))
        .map((one) => ({
          objects: [at(ref, asked), at(one.ref, one.field ?? 'spec.externalTrafficPolicy')],
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

/** A Service, and the path of what it says of addresses, where that is in another object. */
type PlacedService = Found<ServiceSpec> & { readonly field?: string };

/** Path of the first condition about the address of a connection, if there is one. */
function addressField({ spec: { rules = [] } }: Found<AuthorizationPolicySpec>): string | undefined {
  for (const [index, { from = [], when = [] }] of rules.entries()) {
    const condition = when.findIndex(({ key }) => key === 'source.ip');
    if (condition >= 0) return `spec.rules[${index}].when[${condition}]`;
    for (const [place, { source = {} }] of from.entries()) {
      const name = (['ipBlocks', 'notIpBlocks'] as const).find((one) => source[one] !== undefined);
      if (name !== undefined) return `spec.rules[${index}].from[${place}].source.${name}`;
    }
  }
  return undefined;
}

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
function servicesOfControlPlanes(input: ClusterInput): PlacedService[] {
  return objectsOf<SmcpSpec>(input, 'ServiceMeshControlPlane', 'maistra.io').flatMap((plane) => {
    const { ingress = {}, additionalIngress = {} } = plane.spec.gateways ?? {};
    const more = Object.entries(additionalIngress).map(([name, one]) => [`additionalIngress[${name}]`, one] as const);
    return [['ingress', ingress] as const, ...more].flatMap(([name, { namespace = plane.namespace, service }]) => {
      if (!service) return [];
      const field = `spec.gateways.${name}.service.externalTrafficPolicy`;
      return [{ ...plane, namespace, field, spec: { ...service, selector: service.metadata?.labels ?? {} } }];
    });
  });
}
