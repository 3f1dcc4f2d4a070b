/**
 * The testbed's addresses. `index` is the position of a cluster in the bed, from 1.
 *
 * All clusters share one flat network (10.44.0.0/16) inside the testbed's own network namespace, which has no way out.
 */
export const GATEWAY = '10.44.0.1';

/** The only node of a cluster: API server and NodePorts. */
export const nodeAddress = (index: number) => `10.44.${index}.1`;

/** DNS of a cluster. */
export const dnsAddress = (index: number) => `10.44.${index}.3`;

/** OpenShift router of a cluster. */
export const routerAddress = (index: number) => `10.44.${index}.4`;

/** Pods get the numbers 10 to 250. */
export const podAddress = (index: number, number: number) => `10.44.${index}.${number}`;

export const FIRST_POD = 10;
export const LAST_POD = 250;

export const clusterIpRange = (index: number) => `10.9${index}.0.0/16`;

/** ClusterIP of `kubernetes.default`: the first of the range. */
export const apiServiceAddress = (index: number) => `10.9${index}.0.1`;

export const loadBalancerRange = (index: number) => `10.7${index}.0.0/24`;

/** Address of the n-th Service of type LoadBalancer that names none itself; scenarios choose theirs below 200. */
export const loadBalancerAddress = (index: number, n: number) => `10.7${index}.0.${200 + n}`;

export const API_PORT = 6443;

/** More do not fit into the memory of the machines this runs on. */
export const MAX_CLUSTERS = 4;
