import { isIP } from 'node:net';
import { isRecord } from '../../../facts/record';
import { Path } from '../path';
import { noText, type Report, show } from '../problem';
import { labelKeyReason, labelValueReason } from './labels';
import { isPort, isPortName, PROTOCOLS } from './ports';

const SPEC = Path.ROOT.at('spec');
const VALUES: Readonly<Record<string, readonly string[]>> = {
  type: ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'],
  ipFamilyPolicy: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  sessionAffinity: ['None', 'ClientIP'],
  internalTrafficPolicy: ['Cluster', 'Local'],
  externalTrafficPolicy: ['Cluster', 'Local'],
};
const FAMILIES = ['IPv4', 'IPv6'];
const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;
const DOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*\.?$/;

/** `validation.ValidateService` of the API server, as far as it is about names and ports. */
export function serviceRules(spec: unknown, report: Report): void {
  if (!isRecord(spec)) {
    report.error(SPEC, 'is required');
    return;
  }
  const { type = 'ClusterIP', clusterIP, externalName, ports = [] } = spec;
  valueRules(spec, report);
  const headless = clusterIP === 'None';
  if (!Array.isArray(ports)) {
    report.error(SPEC.at('ports'), `is ${show(ports)}, expected a list`);
    return;
  }
  if (ports.length === 0 && !headless && type !== 'ExternalName') {
    report.error(SPEC.at('ports'), 'is empty, expected at least one port');
  }
  if (clusterIP !== undefined && clusterIP !== '' && !headless && isIP(String(clusterIP)) === 0) {
    report.error(SPEC.at('clusterIP'), `is ${show(clusterIP)}, expected an IP address or None`);
  }
  if (headless && (type === 'NodePort' || type === 'LoadBalancer')) {
    report.error(SPEC.at('clusterIP'), `is None, which a Service of type ${type} cannot have`);
  }
  selectorRules(spec.selector, report);
  if (type === 'ExternalName') externalNameRules(externalName, headless, report);
  portsRules(ports, report);
  nodePortRules(ports, type, report);
}

/** Fields with a closed list of values. */
function valueRules(spec: Record<string, unknown>, report: Report): void {
  for (const [field, values] of Object.entries(VALUES)) {
    const value = spec[field];
    if (value === undefined || values.includes(value as string)) continue;
    report.error(SPEC.at(field), `is ${show(value)}, expected one of ${values.join(', ')}`);
  }
  const { ipFamilies = [], clusterIP, clusterIPs } = spec;
  if (Array.isArray(clusterIPs) && clusterIPs.length > 0 && clusterIP !== undefined && clusterIPs[0] !== clusterIP) {
    report.error(SPEC.at('clusterIPs').at(0), `is ${show(clusterIPs[0])}, expected ${show(clusterIP)} of clusterIP`);
  }
  for (const [i, family] of Array.isArray(ipFamilies) ? ipFamilies.entries() : []) {
    if (FAMILIES.includes(family)) continue;
    report.error(SPEC.at('ipFamilies').at(i), `is ${show(family)}, expected one of ${FAMILIES.join(', ')}`);
  }
}

function selectorRules(selector: unknown, report: Report): void {
  if (!isRecord(selector)) return;
  for (const [key, value] of Object.entries(selector)) {
    const reason = labelKeyReason(key) ?? labelValueReason(value);
    if (reason !== undefined) report.error(SPEC.at('selector').at(key), reason);
  }
}

function externalNameRules(name: unknown, headless: boolean, report: Report): void {
  const at = SPEC.at('externalName');
  if (headless) report.error(SPEC.at('clusterIP'), 'is None, which a Service of type ExternalName cannot have');
  if (typeof name !== 'string' || name === '') report.error(at, 'is required for type ExternalName');
  else if (name.length > 253 || !DOMAIN.test(name))
    report.error(at, `is ${show(name)}, expected a domain name in lower case`);
}

function portsRules(ports: readonly unknown[], report: Report): void {
  const names = new Set<unknown>();
  const numbers = new Set<string>();
  ports.forEach((port, i) => {
    const at = SPEC.at('ports').at(i);
    if (!isRecord(port)) {
      report.error(at, `is ${show(port)}, expected an object`);
      return;
    }
    portRules(port, ports.length > 1, at, report);
    const { name, port: number } = port;
    const protocol = port.protocol || 'TCP';
    if (name !== undefined && names.has(name))
      report.error(at.at('name'), `is ${show(name)}, the name of another port`);
    names.add(name);
    if (typeof protocol !== 'string' || !isPort(number)) return;
    if (numbers.has(`${protocol} ${number}`)) report.error(at, `is ${protocol} ${number}, which is there already`);
    numbers.add(`${protocol} ${number}`);
  });
}

/** A ClusterIP has no ports of nodes, and a Service none of them twice. */
function nodePortRules(ports: readonly unknown[], type: unknown, report: Report): void {
  const taken = new Set<string>();
  for (const [i, port] of ports.entries()) {
    if (!isRecord(port) || port.nodePort === undefined || port.nodePort === 0) continue;
    const { nodePort } = port;
    const at = SPEC.at('ports').at(i).at('nodePort');
    if (!isPort(nodePort)) {
      report.error(at, `is ${show(nodePort)}, expected a port from 1 to 65535`);
      continue;
    }
    if (type === 'ClusterIP') report.error(at, `is ${nodePort}, which a Service of type ClusterIP cannot have`);
    const key = `${port.protocol || 'TCP'} ${nodePort}`;
    if (taken.has(key)) report.error(at, `is ${nodePort}, that of another port`);
    taken.add(key);
  }
}

function portRules(port: Record<string, unknown>, named: boolean, at: Path, report: Report): void {
  const { name, port: number, targetPort = '', protocol = '' } = port;
  if (name === undefined || name === '') {
    if (named) report.error(at.at('name'), 'is required when a Service has several ports');
  } else if (typeof name !== 'string') {
    report.error(at.at('name'), noText(name));
  } else if (name.length > 63 || !LABEL.test(name)) {
    report.error(at.at('name'), `is ${show(name)}, expected at most 63 lower-case letters, digits and dashes`);
  }
  if (!isPort(number)) report.error(at.at('port'), `is ${show(number)}, expected a port from 1 to 65535`);
  if (protocol !== '' && !PROTOCOLS.includes(protocol as string)) {
    report.error(at.at('protocol'), `is ${show(protocol)}, expected one of ${PROTOCOLS.join(', ')}`);
  }
  if (targetPort !== '' && targetPort !== 0 && !isPort(targetPort) && !isPortName(targetPort)) {
    report.error(
      at.at('targetPort'),
      `is ${show(targetPort)}, expected a port from 1 to 65535 or the name of a container's port`,
    );
  }
}
