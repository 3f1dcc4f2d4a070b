import type {
  IstioEgressListener,
  IstioIngressListener,
  OutboundTrafficPolicy,
  ServerTLSSettings,
  SidecarPort,
  SidecarSpec,
} from '../../../../imports/istio/networking';
import { each, type Path } from '../path';
import { type Report, show } from '../problem';
import { connectionPoolRules } from './common/connection-pool';
import { destinationRules } from './common/destination';
import { egressHostReason } from './common/hosts';
import { addressReason, domainReason, portReason } from './common/names';
import { isHttp, isTls, portProtocol, protocolReason } from './common/protocol';
import { selectorRules } from './common/selectors';
import { serverTlsRules } from './common/server-tls';
import { portNameReason, refuse, socketReason } from './common/values';
import { type IstioObject, SPEC } from './object';

const SOCKET = 'unix://';
/** Where an ingress listener may forward to: the workload itself. */
const LOCAL: ReadonlySet<string> = new Set(['', '127.0.0.1', '0.0.0.0', '::1', '::']);

/** `validation.ValidateSidecar`. */
export function sidecarRules({ namespace, spec }: IstioObject<SidecarSpec>, report: Report): void {
  const { egress = [], ingress = [], inboundConnectionPool, outboundTrafficPolicy, workloadSelector } = spec;
  selectorRules(workloadSelector?.labels, workloadSelector !== undefined, SPEC.at('workloadSelector'), report);
  if (!report.accepted) return;
  if (
    egress.length + ingress.length === 0 &&
    outboundTrafficPolicy === undefined &&
    inboundConnectionPool === undefined
  ) {
    report.error(SPEC, 'is empty, expected egress, ingress, outboundTrafficPolicy or inboundConnectionPool');
    return;
  }
  ingressRules(ingress, report);
  connectionPoolRules(inboundConnectionPool, SPEC.at('inboundConnectionPool'), report);
  egressRules(egress, namespace, report);
  if (outboundTrafficPolicy !== undefined) outboundRules(outboundTrafficPolicy, report);
}

function ingressRules(listeners: readonly IstioIngressListener[], report: Report): void {
  const numbers = new Set<number>();
  listeners.forEach(({ port, bind = '', defaultEndpoint = '', tls, connectionPool }, i) => {
    const at = SPEC.at('ingress').at(i);
    const { number = 0, targetPort, protocol } = port;
    if (targetPort) report.error(at.at('port').at('targetPort'), 'is set, but has no effect on a Sidecar');
    portRules(port, at.at('port'), report);
    refuse(report, at.at('port').at('number'), portReason(number));
    if (bind !== '') refuse(report, at.at('bind'), addressReason(bind));
    if (numbers.has(number))
      report.error(at.at('port').at('number'), `is ${number}, the port of another ingress listener`);
    numbers.add(number);
    if (defaultEndpoint !== '') endpointRules(defaultEndpoint, at.at('defaultEndpoint'), report);
    if (tls !== undefined) ingressTlsRules(tls, protocol, at.at('tls'), report);
    connectionPoolRules(connectionPool, at.at('connectionPool'), report);
    if (connectionPool?.http !== undefined && !isHttp(portProtocol(protocol))) {
      report.warning(at.at('connectionPool').at('http'), `has no effect on a port of protocol ${show(protocol ?? '')}`);
    }
  });
}

/** `127.0.0.1:80`, `[::1]:80`, `:80` or a socket. */
function endpointRules(endpoint: string, at: Path, report: Report): void {
  if (endpoint.startsWith(SOCKET)) {
    refuse(report, at, socketReason(endpoint.slice(SOCKET.length)));
    return;
  }
  const [, bracketed, plain, port = ''] = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:[\]]*)$/.exec(endpoint) ?? [];
  const local = LOCAL.has(bracketed ?? plain ?? 'none');
  if (!local || !/^[-+]?\d{1,9}$/.test(port) || portReason(Number(port)) !== undefined) {
    report.error(
      at,
      `is ${show(endpoint)}, expected 127.0.0.1:<port>, [::1]:<port>, 0.0.0.0:<port>, [::]:<port> or unix://<path>`,
    );
  }
}

function ingressTlsRules(tls: ServerTLSSettings, protocol: string | undefined, at: Path, report: Report): void {
  for (const field of ['subjectAltNames', 'credentialNames', 'tlsCertificates'] as const) {
    if ((tls[field] ?? []).length > 0) report.error(at.at(field), 'is set, which a Sidecar cannot have');
  }
  if (tls.httpsRedirect) report.error(at.at('httpsRedirect'), 'is set, which a Sidecar cannot have');
  if (tls.credentialName) report.error(at.at('credentialName'), 'is set, which a Sidecar cannot have');
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') {
    report.error(at.at('mode'), `is ${tls.mode}, which a Sidecar cannot have`);
  }
  if (!isTls(portProtocol(protocol))) {
    report.error(at, `is set on a port of protocol ${show(protocol ?? '')}, expected protocol HTTPS or TLS`);
  }
  serverTlsRules(tls, at, report);
}

function egressRules(listeners: readonly IstioEgressListener[], namespace: string, report: Report): void {
  const numbers = new Set<number>();
  const sockets = new Set<string>();
  listeners.forEach((listener, i) => {
    const at = SPEC.at('egress').at(i);
    const { port, bind = '', hosts } = listener;
    if (port === undefined) {
      if (i < listeners.length - 1) report.error(at.at('port'), 'is missing, which only the last egress listener may');
    } else {
      if (port.targetPort) report.error(at.at('port').at('targetPort'), 'is set, but has no effect on a Sidecar');
      egressPortRules(listener, port, at, report);
      const { number = 0 } = port;
      if (number === 0 && sockets.has(bind))
        report.error(at.at('bind'), `is ${show(bind)}, the socket of another listener`);
      if (number !== 0 && numbers.has(number)) {
        report.error(at.at('port').at('number'), `is ${number}, the port of another egress listener`);
      }
      if (number === 0) sockets.add(bind);
      else numbers.add(number);
    }
    if (hosts.length === 0) report.error(at.at('hosts'), 'is empty, expected at least one host');
    each(hosts, at.at('hosts'), (host, item) => refuse(report, item, egressHostReason(host)));
    repeatedHosts(hosts, namespace, at.at('hosts'), report);
  });
}

/** `validateSidecarEgressPortBindAndCaptureMode`: port 0 listens on a socket. */
function egressPortRules(
  { bind = '', captureMode }: IstioEgressListener,
  port: SidecarPort,
  at: Path,
  report: Report,
): void {
  portRules(port, at.at('port'), report);
  if (port.number !== undefined && port.number !== 0) {
    refuse(report, at.at('port').at('number'), portReason(port.number));
    if (bind !== '') refuse(report, at.at('bind'), addressReason(bind));
    return;
  }
  if (bind.startsWith(SOCKET)) refuse(report, at.at('bind'), socketReason(bind.slice(SOCKET.length)));
  else report.error(at.at('bind'), `is ${show(bind)}, expected unix://<path> with port 0`);
  if (captureMode === 'IPTABLES')
    report.error(at.at('captureMode'), 'is IPTABLES, expected DEFAULT or NONE for a socket');
}

function portRules({ name, protocol }: SidecarPort, at: Path, report: Report): void {
  if (name !== undefined && name !== '') refuse(report, at.at('name'), portNameReason(name));
  refuse(report, at.at('protocol'), protocolReason(protocol));
}

/** Hosts that select what another one has selected. */
function repeatedHosts(hosts: readonly string[], namespace: string, at: Path, report: Report): void {
  const selected = new Map<string, Set<string>>();
  hosts.forEach((host, i) => {
    const slash = host.indexOf('/');
    if (slash < 0 || host.startsWith('~')) return;
    const owner = host.slice(0, slash) === '.' ? namespace : host.slice(0, slash);
    const name = host.slice(slash + 1);
    const names = selected.get(owner) ?? new Set();
    selected.set(owner, names);
    if (name === '*' ? names.size > 0 : names.has(name) || names.has('*')) {
      report.warning(at.at(i), `is ${show(host)}, of which other hosts of the listener select a part already`);
    }
    names.add(name);
  });
  if (selected.get('*')?.has('*') && selected.size > 1)
    report.warning(at, 'has */*, which selects all other hosts, too');
}

function outboundRules({ mode = 'REGISTRY_ONLY', egressProxy }: OutboundTrafficPolicy, report: Report): void {
  if (egressProxy === undefined) return;
  const at = SPEC.at('outboundTrafficPolicy').at('egressProxy');
  if (mode !== 'ALLOW_ANY') {
    report.error(at, `is set with mode ${mode}, expected ALLOW_ANY`);
    return;
  }
  const reason = domainReason(egressProxy.host);
  if (reason !== undefined) report.error(at.at('host'), reason);
  else if (egressProxy.port === undefined) report.error(at.at('port'), 'is required');
  else destinationRules(egressProxy, at, report);
}
