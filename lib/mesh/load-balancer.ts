import { MeshError } from '../facts/error';
import { type Guards, listOf, mapOf, optional, text } from '../facts/guard';
import { ipBlocks } from '../facts/ip-block';
import { ownKeys } from './own-keys';

/** What the Service of a gateway that is deployed here carries, besides what follows from how the gateway is reached. */
export interface ServiceFront {
  /**
   * Annotations of the Service: what a cloud's load balancer is told, such as that it is internal.
   * @default - none: most clouds make a load balancer for the whole Internet
   */
  readonly serviceAnnotations?: Record<string, string>;
  /**
   * Labels of the Service, besides those by which the gateway is found; of a gateway in a ServiceMeshControlPlane also of
   * its pods.
   * @default - none
   */
  readonly serviceLabels?: Record<string, string>;
  /**
   * Addresses from which the load balancer takes connections, in CIDR notation. Clouds enforce it; some do not.
   * @default - all
   */
  readonly loadBalancerSourceRanges?: string[];
}

/** What only a Service of our own carries: a ServiceMeshControlPlane has no field for it. */
export interface LoadBalancerClass {
  /**
   * Which of several load balancers of the cluster makes the address; it cannot be changed later.
   * @default - that of the cloud
   */
  readonly loadBalancerClass?: string;
}

/** What these may be. */
export const SERVICE_FRONT: Guards<ServiceFront> = {
  serviceAnnotations: optional(mapOf(text)),
  serviceLabels: optional(mapOf(text)),
  loadBalancerSourceRanges: optional(listOf(text)),
};

/**
 * Values that clouds know of annotations that keep a gateway from the Internet: another one is often no error there, but
 * a load balancer for everybody.
 */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'cloud.google.com/load-balancer-type': ['Internal', 'internal'],
  'networking.gke.io/load-balancer-type': ['Internal', 'internal'],
  'service.beta.kubernetes.io/aws-load-balancer-internal': ['true', 'false'],
  'service.beta.kubernetes.io/aws-load-balancer-scheme': ['internal', 'internet-facing'],
  'service.beta.kubernetes.io/azure-load-balancer-internal': ['true', 'false'],
};

/** The Service that a front is for. */
export interface FrontedService {
  readonly type: string;
  /** Labels that it has already. */
  readonly labels: Readonly<Record<string, string>>;
  readonly where: string;
}

/** What a front adds to its Service. */
export interface RenderedFront {
  readonly annotations: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly spec: { readonly loadBalancerClass?: string; readonly loadBalancerSourceRanges?: string[] };
}

/**
 * What a front adds to its Service.
 *
 * @throws MESH1166 for a label or annotation that is ours, or malformed; MESH1167 for what no load balancer would read,
 * or reads otherwise.
 */
export function serviceFront(
  front: ServiceFront & LoadBalancerClass,
  { type, labels, where }: FrontedService,
): RenderedFront {
  const { serviceAnnotations, serviceLabels, loadBalancerClass, loadBalancerSourceRanges } = front;
  const refuse = (message: string) => new MeshError('MESH1167', where, message);
  const own = { where, written: {} };
  const annotations = ownKeys({
    ...own,
    option: 'serviceAnnotations',
    stated: serviceAnnotations,
    kind: 'annotations',
  });
  for (const [key, value] of Object.entries(annotations)) checkKnown(key, value, refuse);
  const annotation = Object.keys(KNOWN).find((key) => annotations[key] !== undefined);
  const asked =
    annotation !== undefined
      ? `annotation ${annotation}`
      : loadBalancerClass !== undefined
        ? 'loadBalancerClass'
        : loadBalancerSourceRanges && 'loadBalancerSourceRanges';
  if (asked !== undefined && type !== 'LoadBalancer') {
    throw refuse(
      `${asked} is stated, but the Service of the gateway is of type ${type}, which no load balancer of a cloud stands before; leave it out`,
    );
  }
  if (loadBalancerClass !== undefined && !CLASS.test(loadBalancerClass)) {
    throw refuse(
      `loadBalancerClass '${loadBalancerClass}' is malformed; expected one such as 'example.com/internal-vip'`,
    );
  }
  return {
    annotations,
    labels: ownKeys({ ...own, option: 'serviceLabels', stated: serviceLabels, written: labels, kind: 'labels' }),
    spec: {
      ...(loadBalancerClass !== undefined && { loadBalancerClass }),
      ...(loadBalancerSourceRanges && { loadBalancerSourceRanges: sourceRanges(loadBalancerSourceRanges, where) }),
    },
  };
}

/** As a label's key: a name, with a domain before it or without. */
const CLASS = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function checkKnown(key: string, value: string, refuse: (message: string) => MeshError): void {
  const known = KNOWN[key];
  if (known === undefined || known.includes(value)) return;
  throw refuse(
    `annotation ${key} has the value '${value}', which its cloud does not know, so that the load balancer may be for everybody; expected ${known.map((one) => `'${one}'`).join(' or ')}`,
  );
}

/** Each once and sorted, a single address with its length. */
function sourceRanges(ranges: string[], where: string): string[] {
  const blocks = ipBlocks(ranges, where, 'loadBalancerSourceRanges') ?? [];
  return blocks.map((block) => (block.includes('/') ? block : `${block}/${block.includes(':') ? 128 : 32}`));
}
