import * as istio from '../../../imports/istio';
import type { NextHop } from '../../facts/destination';
import type { MeshChart } from '../../fleet/mesh-chart';
import type { EgressCallers } from './egress-callers';
import { type PassagePart, portOf, writeGateway, writeSubset } from './passage-parts';
import { writePassagePolicy } from './passage-policy';

/** A way through an egress gateway that rules lead to: from its callers to a host that the gateway alone knows. */
export interface Passage extends PassagePart {
  readonly as: 'http' | 'tcp';
  /** What the gateway tells its passages apart by: SNI of the way to it, and authority of requests. */
  readonly host: string;
  /** Whether HTTP/2 flows. */
  readonly isHttp2: boolean;
  /** What requests are made into before they go on. */
  readonly rewrite?: { readonly uri: string; readonly authority: string };
  /** Who may use it; absent: the whole mesh. */
  readonly callers?: EgressCallers;
}

/**
 * The objects of a way through an egress gateway: one of each kind, so that passages of one gateway do not touch each
 * other's objects.
 *
 * The sidecar sends with the SNI of the passage's host, which is what tells the passages of one gateway port apart.
 */
export function writePassage(chart: MeshChart, passage: Passage): NextHop {
  const { egress, label, host, as, callers, isHttp2 } = passage;
  writeGateway(chart, passage, { name: () => label, hosts: () => [host] });
  writeSubset(chart, passage, { sni: () => host, isHttp2 });
  writeRoute(chart, passage);
  writePassagePolicy(chart, passage, () => ({ authorities: [host, `${host}:*`], server: host, sni: host }));
  return {
    host: egress.host,
    port: portOf(passage).number,
    subset: label,
    ...(as === 'http' && { authority: host }),
    ...(callers && { callers }),
  };
}

/** From the gateway on to the provider. */
function writeRoute(chart: MeshChart, passage: Passage): void {
  const { egress, label, host, as, port, rewrite } = passage;
  const resource = `${egress.namespace}/${label}`;
  const route = [{ destination: { host, port: { number: port } } }];
  const match = { gateways: [resource], port: portOf(passage).number };
  const onward = rewrite ? { match: [{ ...match, uri: { prefix: '/' } }], rewrite, route } : { match: [match], route };
  new istio.VirtualService(chart, `VirtualService ${label}`, {
    apiVersion: egress.mesh.platform.apiVersion('VirtualService'),
    metadata: { name: label, namespace: egress.namespace },
    spec: { hosts: [host], exportTo: ['.'], gateways: [resource], [as]: [onward] },
  });
}
