import type { Labels } from '../../facts/labels';

/** The parts of Kubernetes objects that verification reads. */

export interface ServicePortSpec {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

/** A node of a cluster, as a dump has it. */
export interface NodeManifest {
  readonly status?: { readonly addresses?: readonly { readonly type?: string; readonly address?: string }[] };
}

export interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly loadBalancerIP?: string;
  readonly externalName?: string;
  readonly selector?: Labels;
  readonly ports?: readonly ServicePortSpec[];
}

export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface VolumeSpec {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly hostNetwork?: boolean;
  readonly containers?: readonly ContainerSpec[];
  readonly volumes?: readonly VolumeSpec[];
}

/** Deployment, StatefulSet, ReplicaSet, DaemonSet and Job. */
export interface WorkloadSpec {
  readonly replicas?: number;
  readonly template?: {
    readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
    readonly spec?: PodSpec;
  };
}

export interface EndpointSliceManifest {
  readonly ports?: readonly { readonly name?: string; readonly port?: number }[];
  readonly endpoints?: readonly { readonly addresses: readonly string[] }[];
}

export interface EndpointsManifest {
  readonly subsets?: readonly {
    readonly ports?: readonly { readonly name?: string; readonly port: number }[];
    readonly addresses?: readonly { readonly ip: string }[];
  }[];
}

export interface RoleManifest {
  readonly rules?: readonly {
    readonly apiGroups?: readonly string[];
    readonly resources?: readonly string[];
    readonly verbs?: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
}

export interface RoleBindingManifest {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}
