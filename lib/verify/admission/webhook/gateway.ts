import type { GatewaySpec, Port, Server } from '../../../../imports/istio/networking';
import { each, Path } from '../path';
import { type Report, show } from '../problem';
import { gatewayHostReason } from './common/hosts';
import { addressReason, isLabel, portReason } from './common/names';
import { isHttp, isTls, portProtocol } from './common/protocol';
import { serverTlsRules } from './common/server-tls';
import { refuse, socketReason } from './common/values';
import { type IstioObject, SPEC } from './object';

const SOCKET = 'unix://';

/** `validation.ValidateGateway`. */
export function gatewayRules({ name, annotations, spec }: IstioObject<GatewaySpec>, report: Report): void {
  const converted = annotations['internal.istio.io/gateway-semantics'] === 'gateway';
  if (!isLabel(name) && !converted) {
    report.error(Path.ROOT.at('metadata').at('name'), `is ${show(name)}, expected a DNS label without dots`);
  }
  const servers = spec.servers ?? [];
  if (servers.length === 0) report.error(SPEC.at('servers'), 'is empty, expected at least one server');
  const names = new Set<string>();
  servers.forEach((server, i) => {
    const at = SPEC.at('servers').at(i);
    serverRules(server, converted, at, report);
    if (names.has(server.port.name)) {
      report.error(at.at('port').at('name'), `is ${show(server.port.name)}, the name of another server's port`);
    }
    names.add(server.port.name);
    if (server.tls?.httpsRedirect && !isHttp(portProtocol(server.port.protocol))) {
      report.warning(at.at('tls').at('httpsRedirect'), `has no effect on a port of protocol ${server.port.protocol}`);
    }
  });
}

/** `validation.validateServer`. */
function serverRules({ hosts, port, bind = '', tls }: Server, converted: boolean, at: Path, report: Report): void {
  if (hosts.length === 0) report.error(at.at('hosts'), 'is empty, expected at least one host');
  each(hosts, at.at('hosts'), (host, item) => refuse(report, item, gatewayHostReason(host, converted)));
  const valid = portRules(port, bind, at.at('port'), report);
  bindRules(port, bind, at, report);
  serverTlsRules(tls, at.at('tls'), report);
  if (!valid) return;
  const protocol = portProtocol(port.protocol);
  if (isTls(protocol)) {
    if (tls === undefined) report.error(at.at('tls'), `is missing: a port of protocol ${port.protocol} needs it`);
    return;
  }
  if (tls === undefined) return;
  const { mode = 'PASSTHROUGH', caCertificates, privateKey, serverCertificate } = tls;
  const passes = mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
  if (isHttp(protocol) && passes && !caCertificates && !privateKey && !serverCertificate) return;
  report.error(at.at('tls'), `is set on a port of protocol ${port.protocol}, expected protocol HTTPS or TLS`);
}

function portRules(port: Port, bind: string, at: Path, report: Report): boolean {
  const before = report.problems.length;
  if (portProtocol(port.protocol) === 'unknown') {
    report.error(
      at.at('protocol'),
      `is ${show(port.protocol)}, expected HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, TLS or TCP`,
    );
  }
  if (port.number > 0 || !bind.startsWith(SOCKET)) refuse(report, at.at('number'), portReason(port.number));
  if (port.targetPort) report.error(at.at('targetPort'), 'is set, but has no effect on a Gateway');
  if (port.name === '') report.error(at.at('name'), 'is empty, expected a name');
  return report.problems.length === before;
}

function bindRules(port: Port, bind: string, at: Path, report: Report): void {
  if (!bind.startsWith(SOCKET)) {
    if (bind !== '') refuse(report, at.at('bind'), addressReason(bind));
    return;
  }
  refuse(report, at.at('bind'), socketReason(bind.slice(SOCKET.length)));
  if (port.number !== 0) report.error(at.at('port').at('number'), `is ${port.number}, expected 0 for a socket`);
}
