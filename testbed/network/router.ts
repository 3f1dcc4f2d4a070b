import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Route } from '../kubernetes/types';
import type { Endpoint } from './services';

/** A backend of a Route with the endpoints that stand behind it at present. */
export interface RouteTarget {
  service: string;
  weight: number;
  endpoints: readonly Endpoint[];
}

/** A Route and its backends. */
export interface RoutedHost {
  route: Route;
  targets: readonly RouteTarget[];
}

export interface RouterFiles {
  /** haproxy.cfg */
  config: string;
  /** Files beside it, by name: certificates and CA bundles. */
  files: Map<string, string>;
}

/** What the router presents and trusts when a Route says nothing. */
export interface RouterDefaults {
  /** Certificate and key of the router itself, PEM. */
  certificate: string;
  /** The authority of OpenShift's service serving certificates, PEM. */
  serviceCa: string;
}

const SERVICE_CA = 'service-ca.crt';

/**
 * The HAProxy configuration that OpenShift's router makes of Routes, reduced to what decides where a connection goes:
 * port 443 reads the SNI; passthrough hosts are forwarded as they are; all other connections are decrypted with the
 * Route's certificate (or the router's own), then go on in clear text (edge) or encrypted again (reencrypt).
 * Port 80 serves hosts without TLS and those whose insecureEdgeTerminationPolicy allows it.
 *
 * @param directory where the files will lie
 */
export function routerConfig(hosts: readonly RoutedHost[], directory: string, defaults: RouterDefaults): RouterFiles {
  const files = new Map([
    ['default.pem', defaults.certificate],
    [SERVICE_CA, defaults.serviceCa],
  ]);
  const sni: string[] = [];
  const secure: string[] = [];
  const insecure: string[] = [];
  const backends: string[] = [];
  // HAProxy takes the first rule that matches: longer paths first, then by name.
  const sorted = [...hosts].sort(
    (a, b) => (b.route.spec.path?.length ?? 0) - (a.route.spec.path?.length ?? 0) || compare(idOf(a), idOf(b)),
  );
  for (const host of sorted) {
    const { spec } = host.route;
    const id = idOf(host);
    const match = `{ req.hdr(host),field(1,:),lower -m str ${spec.host?.toLowerCase()} }${
      spec.path ? ` { path_beg ${spec.path} }` : ''
    }`;
    const termination = spec.tls?.termination;
    if (termination === 'passthrough') {
      sni.push(`  use_backend ${id} if { req.ssl_sni -i ${spec.host} }`);
    } else if (termination) {
      secure.push(`  use_backend ${id} if ${match}`);
      if (spec.tls?.certificate && spec.tls.key) {
        files.set(`${id}.pem`, [spec.tls.certificate, spec.tls.caCertificate ?? '', spec.tls.key].join('\n'));
      }
      if (spec.tls?.destinationCACertificate) files.set(`${id}.ca`, spec.tls.destinationCACertificate);
    }
    const plain = termination ? (spec.tls?.insecureEdgeTerminationPolicy ?? 'None') : 'Allow';
    if (plain === 'Redirect') insecure.push(`  http-request redirect scheme https code 302 if ${match}`);
    else if (plain === 'Allow' && termination !== 'passthrough') insecure.push(`  use_backend ${id} if ${match}`);
    backends.push(backendOf(host, directory, files.has(`${id}.ca`)));
  }
  const redirectsFirst = [...insecure].sort(
    (a, b) => Number(a.includes('use_backend')) - Number(b.includes('use_backend')),
  );
  const certificates = [...files.keys()].filter((file) => file.endsWith('.pem') && file !== 'default.pem');
  const crt = ['default.pem', ...certificates].map((file) => `crt ${path.join(directory, file)}`).join(' ');
  const config = `global
  maxconn 1000
  log stdout format raw local0
defaults
  log global
  retries 0
  timeout connect 4s
  timeout client 30s
  timeout server 30s
  timeout client-fin 1s
frontend public_ssl
  bind :443
  mode tcp
  option tcplog
  tcp-request inspect-delay 5s
  tcp-request content accept if { req.ssl_hello_type 1 }
${sni.join('\n')}
  default_backend terminate
backend terminate
  mode tcp
  server self 127.0.0.1:10444 send-proxy
frontend terminated
  bind 127.0.0.1:10444 accept-proxy ssl ${crt}
  mode http
  option httplog
  http-request set-header X-Forwarded-Proto https
${secure.join('\n')}
  default_backend unavailable
frontend public
  bind :80
  mode http
  option httplog
${redirectsFirst.join('\n')}
  default_backend unavailable
backend unavailable
  mode http
  http-request return status 503 content-type text/plain string "no route for this host"
${backends.join('\n')}
`;
  return { config, files };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const idOf = ({ route: { metadata } }: RoutedHost) => `${metadata.namespace}.${metadata.name}`;

function backendOf(host: RoutedHost, directory: string, verified: boolean): string {
  const { spec, metadata } = host.route;
  const id = idOf(host);
  const encrypted = spec.tls?.termination === 'reencrypt';
  const servers = host.targets.flatMap(({ service, weight, endpoints }) => {
    // As OpenShift's template has it: without a CA of the Route's own, the cluster's service CA and the Service's name
    // are demanded; no SNI is sent, so an Istio Gateway behind it needs a server that takes any host.
    const check = verified
      ? `verify required ca-file ${path.join(directory, `${id}.ca`)}`
      : `verifyhost ${service}.${metadata.namespace}.svc verify required ca-file ${path.join(directory, SERVICE_CA)}`;
    const tls = encrypted ? ` ssl ${check}` : '';
    return endpoints.map(
      ({ address, port }, n) => `  server ${service}-${n} ${address}:${port} weight ${weight}${tls}`,
    );
  });
  const mode = spec.tls?.termination === 'passthrough' ? 'tcp' : 'http';
  // it adds the client's address to what it finds
  const told = mode === 'http' ? '  option forwardfor\n' : '';
  return `backend ${id}\n  mode ${mode}\n${told}${servers.join('\n')}`;
}

export function writeRouterFiles(directory: string, { config, files }: RouterFiles): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of files) writeFileSync(path.join(directory, name), text);
  const file = path.join(directory, 'haproxy.cfg');
  writeFileSync(file, config);
  return file;
}
