import type { Labels } from '../../facts/labels';
import type { Resource } from '../world/resource';
import type { Workload } from '../world/workloads';
import type { Protocol } from './protocol';

/** A port of a service. */
export interface Port {
  readonly name: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly targetPort?: number | string;
}

/** How the address of an endpoint is found (`model.Resolution`). */
export type Resolution = 'static' | 'dns' | 'dns-round-robin' | 'dynamic-dns' | 'passthrough' | 'alias';

/** A service as istiod's registries hold it: of a Kubernetes Service, or of one host and address of a ServiceEntry. */
export interface Service {
  readonly hostname: string;
  readonly namespace: string;
  /** What the order by age falls back to. */
  readonly name: string;
  readonly created?: number;
  readonly registry: 'Kubernetes' | 'ServiceEntry';
  /** `0.0.0.0` where it has none. */
  readonly address: string;
  /** What proxies that capture DNS answer for a host without address. */
  readonly allotted?: string;
  readonly ports: readonly Port[];
  readonly resolution: Resolution;
  readonly isExternal: boolean;
  /** Undefined where the mesh's default counts. */
  readonly exportTo?: readonly string[];
  readonly labels: Labels;
  readonly selector?: Labels;
  readonly subjectAltNames: readonly string[];
  /** What an alias stands for. */
  readonly externalName?: string;
  /** Hosts that stand for it. */
  readonly aliases: readonly string[];
  readonly from: Resource;
}

/** An address of a service. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly labels: Labels;
  /** Whether it says that it takes the mesh's mTLS. */
  readonly takesMtls: boolean;
  readonly namespace: string;
  /** SPIFFE ID. */
  readonly serviceAccount?: string;
  readonly locality: string;
  readonly network: string;
  readonly weight: number;
  readonly workload?: Workload;
}

export const hasAddress = (service: Service): boolean => service.address !== '0.0.0.0';

/** Where a connection to a service goes, as a proxy sees it (`Service.GetAddressForProxy`). */
export function addressFor(service: Service, dnsCapture: boolean): string {
  return !hasAddress(service) && dnsCapture && service.allotted ? service.allotted : service.address;
}

/** The port of a service that a number names (`PortList.GetByPort`): never one of UDP. */
export const portOf = (service: Service, port: number): Port | undefined =>
  service.ports.find((one) => one.port === port && one.protocol !== 'UDP');

/** Whether a Kubernetes Service or ServiceEntry chooses its endpoints by labels. */
export const hasSelector = ({ selector }: Service): boolean => Object.keys(selector ?? {}).length > 0;

const LABEL_MTLS = 'security.istio.io/tlsMode';

/** Whether an endpoint with these labels takes mTLS (`model.GetTLSModeFromEndpointLabels`). */
export const takesMtls = (labels: Labels): boolean => labels[LABEL_MTLS] === 'istio';

export const saysMtls = (labels: Labels): boolean => LABEL_MTLS in labels;
