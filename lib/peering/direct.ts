import type { Construct } from 'constructs';
import * as istio from '../../imports/istio';
import type { NextHop } from '../facts/destination';
import { MeshError } from '../facts/error';
import type { ExposureFacts } from '../facts/exposure';
import { Mesh } from '../fleet/mesh';
import type { MeshChart } from '../fleet/mesh-chart';
import { writeSecretReader } from '../fleet/secret-reader';
import type { Credential } from '../trust/credential';
import { type PeeringTls, Simple } from '../trust/peering-tls';
import type { Callers } from './callers';
import { clientTlsSettings, staysClear } from './client-tls';
import { type ContractConsumer, fromContract } from './contracted';
import { clientCredential, useClientCredential } from './credentials';
import { isRegistered, serviceEntrySpec } from './endpoint';
import { Peering, type PeeringProps } from './peering';

/** What a direct peering states. */
export interface DirectPeeringProps<T extends PeeringTls> extends PeeringProps<T> {
  /**
   * Which workloads of the consumer use it. TLS from the sidecar with a Secret or mounted files needs
   * `Callers.workload`: a sidecar reads a Secret only by a DestinationRule that selects it. For a server whose
   * certificate the system's roots vouch for, all workloads can use `PeeringTls.simple`.
   * @default - all namespaces of the mesh see the host
   */
  readonly callers?: Callers<'namespaces' | 'workload'>;
}

/**
 * Calls go from the sidecar straight to the provider's public ingress gateway, or to a server in no mesh: in clear text,
 * with TLS that the sidecar originates, or with the application's own TLS.
 *
 * The provider sees nobody (clear text, simple TLS) or the client certificate (mutual TLS), never the workload itself.
 */
export class DirectPeering<T extends PeeringTls = PeeringTls> extends Peering<T> {
  /**
   * The consumer's half, from the contract that the provider's repository wrote; the peering's name is in it.
   *
   * @throws MESH1504 naming the field that does not fit.
   */
  public static fromContract(
    scope: Construct,
    props: ContractConsumer & { readonly callers?: Callers<'namespaces' | 'workload'> },
  ): DirectPeering {
    const contracted = fromContract('DirectPeering', props);
    return new DirectPeering(scope, props.contract.document.peering, { ...contracted, callers: props.callers });
  }

  protected readonly strategy = 'DirectPeering';
  private readonly callers?: Callers<'namespaces' | 'workload'>;

  /**
   * @throws MESH1001 for a malformed id; MESH1201 when the parts do not fit together; MESH1205 when the sidecar
   * originates TLS with a Secret or mounted files and no workload is named.
   */
  constructor(scope: Construct, id: string, props: DirectPeeringProps<T>) {
    super(scope, id, props);
    this.callers = props.callers;
    const { tls, consumer } = props;
    if (consumer instanceof Mesh && needsWorkload(tls) && props.callers?.kind !== 'workload') {
      throw new MeshError(
        'MESH1205',
        this.node.path,
        `PeeringTls.${tls.mode} is originated by sidecars, which read a Secret only by a DestinationRule that selects them; state callers: Callers.workload({ … }), or use EgressGatewayPeering`,
      );
    }
  }

  protected override consume(chart: MeshChart, facts: ExposureFacts): NextHop {
    const mesh = this.consumer as Mesh;
    const name = this.objectName(facts);
    const namespace = this.callers?.namespaces[0] ?? mesh.controlPlane.namespace;
    if (!isRegistered(mesh, facts)) {
      new istio.ServiceEntry(chart, `ServiceEntry ${name}`, {
        apiVersion: mesh.platform.apiVersion('ServiceEntry'),
        metadata: { name, namespace },
        spec: serviceEntrySpec(facts, this.callers?.exportTo ?? ['*']),
      });
    }
    this.destinationRule(chart, mesh, namespace, facts);
    const { host, port } = facts;
    return { host, port, authority: host };
  }

  /** The sidecar's TLS, or none where a mesh-wide rule would encrypt. */
  private destinationRule(chart: MeshChart, mesh: Mesh, namespace: string, facts: ExposureFacts): void {
    const credential = clientCredential(this.tls);
    const tls = clientTlsSettings(facts.tls, credential) ?? staysClear(mesh, facts);
    if (tls === undefined) return;
    const name = this.objectName(facts);
    const labels = this.callers?.labels;
    const selects = tls.mode !== 'DISABLE' && labels !== undefined;
    // proxies look in their own namespace, that of the host, and the root namespace: the host of a ServiceEntry of ours
    // is in the first namespace of the callers, that of a Service of the cluster in none of them
    const inEach = isRegistered(mesh, facts) && (this.callers?.namespaces.length ?? 0) > 1;
    for (const place of inEach ? (this.callers as Callers).namespaces : [namespace]) {
      new istio.DestinationRule(chart, `DestinationRule ${name}${inEach ? ` ${place}` : ''}`, {
        apiVersion: mesh.platform.apiVersion('DestinationRule'),
        metadata: { name, namespace: place },
        spec: {
          host: facts.host,
          exportTo: inEach ? ['.'] : (this.callers?.exportTo ?? ['*']),
          ...(selects && { workloadSelector: { matchLabels: labels } }),
          trafficPolicy: { portLevelSettings: [{ port: { number: facts.port }, tls }] },
        },
      });
    }
    // a Certificate is written once, however many peerings use it
    const owner = credential?.certManager ? mesh.credentialChart(namespace) : chart;
    useClientCredential(owner, namespace, facts.tls, credential, this.node.path);
    this.letCallersRead(chart, namespace, credential);
  }

  /** istiod sends a key pair to a sidecar only when its ServiceAccount may list the Secrets of its namespace. */
  private letCallersRead(chart: MeshChart, namespace: string, credential: Credential | undefined): void {
    const serviceAccounts = this.callers?.serviceAccounts;
    if (credential?.source !== 'sds' || serviceAccounts === undefined || chart.node.tryFindChild('Role')) return;
    writeSecretReader(chart, { name: `${this.node.id}.credential-reader`, namespace, serviceAccounts });
  }
}

/** Whether the sidecars that originate TLS need a Secret or files; the system's roots are in every proxy. */
function needsWorkload(tls: PeeringTls): boolean {
  return tls.mode === 'mutual' || (tls instanceof Simple && tls.server.signer.kind === 'declared');
}
