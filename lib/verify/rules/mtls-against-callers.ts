import { groupBy } from '../../facts/group-by';
import { serviceHost } from '../../facts/service-host';
import { tlsField, tlsOf } from '../objects/host-ports';
import { type ClusterInput, type Found, objectsOf } from '../objects/objects';
import { type Planes, planesOf } from '../objects/planes';
import { fullName } from '../registry/hosts';
import { at, type ClusterRule, type Problem } from '../rule';
import { type Mtls, type MtlsMode, PeerAuthentications } from '../view/peer-authentication';
import type { DestinationRuleSpec } from '../world/istio-types';
import type { ServiceSpec } from '../world/kube-types';
import { Mesh } from '../world/mesh';
import { resource } from '../world/resource';

/** A PeerAuthentication that refuses what a DestinationRule of the same service makes callers send. */
export const mtlsAgainstCallers: ClusterRule = {
  code: 'MESH3069',
  severity: 'error',
  scope: 'cluster',
  title: 'mTLS mode that refuses what callers send',
  why: 'a workload that is STRICT closes clear text, and one with DISABLE takes mTLS for malformed bytes: 503 UC or UF',
  fix: 'let PeerAuthentication and DestinationRule say the same',
  inProgram: 'MtlsPolicy writes both',
  reads: ['DestinationRule', 'PeerAuthentication', 'Service'],
  check: (input) => {
    const planes = planesOf(input);
    const modes = modesOf(input, planes);
    const services = new Map(
      objectsOf<ServiceSpec>(input, 'Service', '').map((one) => [
        `${one.cluster} ${serviceHost(one.name, one.namespace, planes.domainOf(one.cluster))}`,
        one,
      ]),
    );
    const gateways = gatewayHosts(input, planes);
    return objectsOf<DestinationRuleSpec>(input, 'DestinationRule', 'networking.istio.io').flatMap(
      (rule): Problem[] => {
        const host = fullName(rule.spec.host ?? '', rule.namespace, planes.domainOf(rule.cluster));
        const service = services.get(`${rule.cluster} ${host}`);
        // gateways take calls as their servers say
        if (service === undefined || gateways.has(`${rule.cluster} ${host}`)) return [];
        const mtls = modes.get(planes.of(service))?.of(service.namespace, service.spec.selector ?? {});
        return mtls ? conflictsOf(rule, service, inMesh(service, mtls, planes), host) : [];
      },
    );
  },
};

function conflictsOf(
  rule: Found<DestinationRuleSpec>,
  service: Found<ServiceSpec>,
  mtls: Mtls,
  host: string,
): Problem[] {
  return (service.spec.ports ?? []).flatMap(({ port, targetPort = port }) => {
    const sent = tlsOf(rule.spec.trafficPolicy, port)?.mode;
    const taken: MtlsMode = mtls.ports.get(Number(targetPort)) ?? mtls.mode;
    const refused = (sent === 'DISABLE' && taken === 'STRICT') || (sent === 'ISTIO_MUTUAL' && taken === 'DISABLE');
    if (!refused) return [];
    return [
      {
        objects: [
          at(rule.ref, `${tlsField(rule.spec.trafficPolicy, port)}.mode`),
          ...mtls.refs.map(({ object, field }) => at(object, field)),
        ],
        message: `${rule.ref} makes callers of '${host}:${port}' send ${sent === 'DISABLE' ? 'clear text' : 'mTLS'}, and the workload is ${taken}`,
      },
    ];
  });
}

/** Without a sidecar no policy is about the pods: a mesh that is STRICT says nothing of a namespace that nobody declares. */
function inMesh({ cluster, namespace }: Found<ServiceSpec>, mtls: Mtls, planes: Planes): Mtls {
  const isDeclared = planes.meshOf({ cluster, namespace })?.namespaces.includes(namespace) ?? false;
  const isStated = mtls.refs.some(({ object }) => object.split(' ')[1].startsWith(`${namespace}/`));
  return isDeclared || isStated ? mtls : { ...mtls, mode: 'PERMISSIVE' };
}

/** PeerAuthentications by control plane. */
function modesOf({ kinds }: ClusterInput, planes: Planes): Map<string, PeerAuthentications> {
  const policies = kinds
    .sorted('PeerAuthentication', 'security.istio.io')
    .map(({ cluster, manifest }) => resource(cluster, manifest));
  return new Map(
    [...groupBy(policies, (one) => planes.of(one))].map(([plane, here]) => {
      const config = { rootNamespace: planes.rootOf(here[0]) };
      return [plane, new PeerAuthentications(new Mesh(here[0].cluster, 0, { meshConfig: config }, here, 'names'))];
    }),
  );
}

function gatewayHosts({ facts }: ClusterInput, planes: Planes): Set<string> {
  return new Set(
    facts.meshes.flatMap(({ cluster, gateways }) =>
      gateways.map(
        ({ namespace, service }) => `${cluster} ${serviceHost(service, namespace, planes.domainOf(cluster))}`,
      ),
    ),
  );
}
