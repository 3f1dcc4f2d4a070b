import type { ServiceEntrySpec, ServicePort, WorkloadEntrySpec } from '../../../../imports/istio/networking';
import { each, type Path } from '../path';
import { type Report, show } from '../problem';
import { exportToRules } from './common/export-to';
import { isWild } from './common/hosts';
import {
  domainReason,
  isAddress,
  partialWildcardReason,
  portReason,
  subnetReason,
  wildcardDomainReason,
} from './common/names';
import { isHttp, isTcp, isTls, type PortProtocol, portProtocol, protocolReason } from './common/protocol';
import { selectorRules } from './common/selectors';
import { labelsRules, portNameReason, refuse } from './common/values';
import { type IstioObject, SPEC } from './object';
import { addressRules, portsRules } from './workload-entry';

/** What Envoy's dynamic forward proxy speaks. */
const DYNAMIC: ReadonlySet<PortProtocol> = new Set(['http', 'http2', 'grpc', 'tls']);

/** `validation.ValidateServiceEntry`. */
export function serviceEntryRules(object: IstioObject<ServiceEntrySpec>, report: Report): void {
  const { namespace, spec } = object;
  const { resolution = 'NONE', addresses = [], endpoints = [], workloadSelector, ports = [] } = spec;
  if (!selectorAccepted(spec, report)) return;
  if (workloadSelector !== undefined && endpoints.length > 0) {
    report.error(SPEC, 'sets workloadSelector and endpoints, expected one of them');
  }
  hostRules(spec, report);
  each(addresses, SPEC.at('addresses'), (address, item) => refuse(report, item, subnetReason(address)));
  const block = addresses.findIndex((address) => address.includes('/'));
  if (block >= 0 && resolution !== 'NONE' && resolution !== 'STATIC') {
    report.error(SPEC.at('addresses').at(block), `is a CIDR block, which resolution ${resolution} cannot have`);
  }
  servicePortRules(object, report);
  switch (resolution) {
    case 'NONE':
      if (endpoints.length > 0) report.error(SPEC.at('endpoints'), 'is set, which resolution NONE cannot have');
      if (workloadSelector !== undefined)
        report.warning(SPEC.at('workloadSelector'), 'has no effect with resolution NONE');
      break;
    case 'STATIC':
      each(endpoints, SPEC.at('endpoints'), (endpoint, item) => staticRules(endpoint, ports, item, report));
      break;
    case 'DNS':
    case 'DNS_ROUND_ROBIN':
      dnsRules(spec, report);
      break;
    case 'DYNAMIC_DNS':
      dynamicRules(object, report);
  }
  severalHostsRules(spec, report);
  exportToRules(spec.exportTo, namespace, SPEC.at('exportTo'), report, { nobody: true });
}

/** An error in the selector is the only one that istiod then reports. */
function selectorAccepted({ workloadSelector }: ServiceEntrySpec, report: Report): boolean {
  const at = SPEC.at('workloadSelector');
  selectorRules(workloadSelector?.labels, workloadSelector !== undefined, at, report);
  return report.accepted;
}

function hostRules({ hosts, resolution }: ServiceEntrySpec, report: Report): void {
  if (hosts.length === 0) report.error(SPEC.at('hosts'), 'is empty, expected at least one host');
  hosts.forEach((host, i) => {
    const at = SPEC.at('hosts').at(i);
    if (host === '*') {
      report.error(at, 'is "*", expected a host or a wildcard such as *.example.com');
      return;
    }
    refuse(report, at, wildcardDomainReason(host));
    const partial = resolution === 'DYNAMIC_DNS' ? undefined : partialWildcardReason(host);
    if (partial !== undefined) report.warning(at, partial);
  });
}

function servicePortRules(object: IstioObject<ServiceEntrySpec>, report: Report): void {
  const { ports = [], addresses = [] } = object.spec;
  const names = new Set<string>();
  const numbers = new Set<number>();
  const withoutAddress = addresses.length === 0 && !isAllocated(object);
  ports.forEach(({ name, number, targetPort, protocol }, i) => {
    const at = SPEC.at('ports').at(i);
    if (names.has(name)) report.error(at.at('name'), `is ${show(name)}, the name of another port`);
    if (numbers.has(number)) report.error(at.at('number'), `is ${number}, the number of another port`);
    names.add(name);
    numbers.add(number);
    refuse(report, at.at('name'), portNameReason(name));
    refuse(report, at.at('number'), portReason(number));
    if (targetPort) refuse(report, at.at('targetPort'), portReason(targetPort));
    refuse(report, at.at('protocol'), protocolReason(protocol));
    if (withoutAddress && (protocol === undefined || protocol === '' || protocol === 'TCP')) {
      report.warning(at, 'is a port for TCP of an entry that has no addresses and is allotted none');
    }
  });
}

/** `serviceentry.ShouldV2AutoAllocateIPFromConfig`: whether istiod allots an address to the entry. */
function isAllocated({ labels, spec }: IstioObject<ServiceEntrySpec>): boolean {
  const optedOut = labels['networking.istio.io/enable-autoallocate-ip']?.toLowerCase() === 'false';
  return (spec.resolution ?? 'NONE') !== 'NONE' && !optedOut && (spec.addresses ?? []).length === 0;
}

function staticRules(endpoint: WorkloadEntrySpec, ports: readonly ServicePort[], at: Path, report: Report): void {
  if (!addressRules(endpoint, false, at, report)) return;
  portsRules(endpoint.ports, new Set(ports.map(({ name }) => name)), at.at('ports'), report);
  labelsRules(endpoint.labels, at.at('labels'), report);
  if (endpoint.address?.startsWith('unix://') && new Set(ports.map(({ name }) => name)).size !== 1) {
    report.error(at.at('address'), 'is a socket, which needs an entry of exactly one port');
  }
}

function dnsRules(
  { hosts, endpoints = [], ports = [], addresses = [], resolution }: ServiceEntrySpec,
  report: Report,
): void {
  if (endpoints.length === 0) {
    hosts.forEach((host, i) => {
      if (domainReason(host) === undefined) return;
      report.error(
        SPEC.at('hosts').at(i),
        `is ${show(host)}; resolution ${resolution} without endpoints needs a name to resolve`,
      );
    });
  }
  if (resolution === 'DNS_ROUND_ROBIN' && endpoints.length > 1) {
    report.error(SPEC.at('endpoints'), `has ${endpoints.length} endpoints, expected at most one with ${resolution}`);
  }
  const names = new Set(ports.map(({ name }) => name));
  endpoints.forEach(({ address = '', labels, ports: own }, i) => {
    const at = SPEC.at('endpoints').at(i);
    if (!isAddress(address) && domainReason(address) !== undefined) {
      report.error(at.at('address'), `is ${show(address)}, expected a domain name or an IP address`);
    }
    labelsRules(labels, at.at('labels'), report);
    portsRules(own, names, at.at('ports'), report);
  });
  const tcp = addresses.length > 0 && ports.some(({ protocol }) => isTcp(portProtocol(protocol)));
  if (tcp && hosts.length > 1)
    report.warning(SPEC.at('hosts'), 'has several hosts, which one address and TCP cannot tell apart');
}

function dynamicRules({ labels, spec }: IstioObject<ServiceEntrySpec>, report: Report): void {
  const { hosts, addresses = [], endpoints = [], ports = [], location } = spec;
  hosts.forEach((host, i) => {
    if (!isWild(host))
      report.error(SPEC.at('hosts').at(i), `is ${show(host)}, expected a wildcard with resolution DYNAMIC_DNS`);
  });
  if (addresses.length > 0) report.error(SPEC.at('addresses'), 'is set, which resolution DYNAMIC_DNS cannot have');
  if (endpoints.length > 0) report.error(SPEC.at('endpoints'), 'is set, which resolution DYNAMIC_DNS cannot have');
  ports.forEach(({ protocol }, i) => {
    if (DYNAMIC.has(portProtocol(protocol))) return;
    const at = SPEC.at('ports').at(i).at('protocol');
    report.error(at, `is ${show(protocol ?? '')}, expected HTTP, HTTP2, GRPC or TLS with resolution DYNAMIC_DNS`);
  });
  const waypoint = labels['istio.io/use-waypoint'] ?? '';
  if (location === 'MESH_INTERNAL' && waypoint !== '' && waypoint.toLowerCase() !== 'none') {
    report.error(SPEC.at('location'), 'is MESH_INTERNAL, which resolution DYNAMIC_DNS cannot have with a waypoint');
  }
}

/** Plain TCP does not say which host is meant. */
function severalHostsRules({ hosts, ports = [], resolution = 'NONE' }: ServiceEntrySpec, report: Report): void {
  if (resolution === 'NONE' || hosts.length <= 1) return;
  const index = ports.findIndex(({ protocol }) => {
    const parsed = portProtocol(protocol);
    return !isHttp(parsed) && !isTls(parsed);
  });
  if (index < 0) return;
  report.error(SPEC.at('ports').at(index), 'is neither HTTP nor TLS, so that several hosts cannot be told apart');
}
