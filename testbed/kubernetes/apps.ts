import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import type net from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import type { PodSandbox } from './pod-sandbox';
import type { Container } from './types';

/** What a workload's image does here. `sleep` is a client: calls are made from its pod. */
export type AppKind = 'http' | 'h2c' | 'https' | 'tcp' | 'tls' | 'sleep';

/** By the base name of the image; an unknown image serves http on its ports, or sleeps when it has none. */
const KINDS: Record<string, AppKind> = {
  sleep: 'sleep',
  curl: 'sleep',
  nginx: 'https',
  'https-echo': 'https',
  'h2c-echo': 'h2c',
  'grpc-echo': 'h2c',
  'tcp-echo': 'tcp',
  'tls-echo': 'tls',
  mongodb: 'tcp',
  mysqldb: 'tcp',
};

export function appKind(container: Container): AppKind {
  const base =
    container.image
      .split('/')
      .pop()
      ?.replace(/[:@].*$/, '') ?? '';
  return KINDS[base] ?? (container.ports?.length ? 'http' : 'sleep');
}

type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;

export interface AppFacts {
  pod: string;
  app: string;
  version: string;
  env: Record<string, string>;
}

/**
 * An echo server in a pod's network namespace. It answers with what it saw of the request: path, host, HTTP version, the
 * client certificate that the sidecar passed on (`xfcc`), or the peer of its own TLS. `/status/418` answers with that code,
 * `?sleep=500` after so many milliseconds, `?fail=2&id=x` the first two times that it sees this id with 503; `/seen` tells
 * how many other requests there were, and the last of them. With ANSWER in its environment it answers with that instead.
 * `tcp` answers a line with a line, `tls` does so inside TLS.
 * `h2c` speaks nothing but HTTP/2 in clear text, and ends gRPC calls as gRPC does; its answer is no gRPC message.
 */
export class App {
  /** When set, every request is answered with this code. */
  failure: number | undefined;
  private readonly attempts = new Map<string, number>();
  private requests = 0;
  private last: object | null = null;

  private constructor(
    private readonly kind: AppKind,
    private readonly sandbox: PodSandbox,
    private readonly facts: AppFacts,
    private readonly servers: net.Server[],
  ) {
    for (const server of servers) this.serve(server);
  }

  static async start(kind: AppKind, ports: readonly number[], sandbox: PodSandbox, facts: AppFacts): Promise<App> {
    const servers = kind === 'sleep' || ports.length === 0 ? [] : await listen(sandbox, ports);
    return new App(kind, sandbox, facts, servers);
  }

  stop(): void {
    for (const server of this.servers) server.close();
  }

  private serve(server: net.Server): void {
    if (this.kind === 'tcp') {
      server.on('connection', (socket) => this.answerTcp(socket));
      return;
    }
    if (this.kind === 'h2c') {
      const handler = http2.createServer((request, response) => this.answer(request, response));
      handler.on('sessionError', () => {});
      server.on('connection', (socket) => handler.emit('connection', socket));
      return;
    }
    if (this.kind === 'tls') {
      this.decrypt(server, (socket) => this.answerTcp(socket));
      return;
    }
    const handler = http.createServer((request, response) => this.answer(request, response));
    if (this.kind === 'http') {
      server.on('connection', (socket) => handler.emit('connection', socket));
      return;
    }
    this.decrypt(server, (socket) => handler.emit('connection', socket));
  }

  private decrypt(server: net.Server, serve: (socket: tls.TLSSocket) => void): void {
    const secure = tls.createServer(this.tlsOptions());
    secure.on('secureConnection', serve);
    secure.on('tlsClientError', () => {});
    server.on('connection', (socket) => secure.emit('connection', socket));
  }

  /** `tls.crt` and `tls.key` of CERT_DIR; with CLIENT_CA (a file there) clients must present a certificate. */
  private tlsOptions(): tls.TlsOptions {
    const { CERT_DIR = '/etc/certs', CLIENT_CA } = this.facts.env;
    const read = (file: string) => readFileSync(path.join(this.sandbox.root, CERT_DIR, file));
    if (!existsSync(path.join(this.sandbox.root, CERT_DIR, 'tls.crt'))) {
      throw new Error(`${this.facts.pod}: an https server needs tls.crt and tls.key mounted at ${CERT_DIR}`);
    }
    const client = CLIENT_CA ? { ca: read(CLIENT_CA), requestCert: true, rejectUnauthorized: true } : {};
    return { cert: read('tls.crt'), key: read('tls.key'), ALPNProtocols: ['http/1.1'], ...client };
  }

  private answer(request: Request, response: Response): void {
    request.resume();
    request.on('end', () => {
      const query = new URLSearchParams(request.url?.split('?')[1]);
      setTimeout(() => this.respond(request, response, query), Number(query.get('sleep') ?? 0));
    });
  }

  private respond(request: Request, response: Response, query: URLSearchParams): void {
    const [, wanted] = /\/status\/(\d{3})/.exec(request.url ?? '') ?? [];
    const grpc = request.headers['content-type']?.startsWith('application/grpc') ?? false;
    const type = grpc ? 'application/grpc' : 'application/json';
    const attempt = this.count(query.get('id'));
    const isFailing = attempt !== undefined && attempt <= Number(query.get('fail') ?? 0);
    const isSeen = request.url === '/seen';
    const described = { ...this.describe(request), ...(attempt !== undefined && { attempt }) };
    if (!isSeen) {
      this.requests += 1;
      this.last = described;
    }
    response.writeHead(this.failure ?? (isFailing ? 503 : Number(wanted ?? 200)), { 'content-type': type });
    // gRPC tells in a trailer how it ended
    if (grpc) response.addTrailers({ 'grpc-status': '0' });
    const body = isSeen ? { requests: this.requests, last: this.last } : described;
    const text = this.facts.env.ANSWER ?? JSON.stringify(body, null, 1);
    response.end(request.method === 'HEAD' ? '' : text);
  }

  /** How often a request with this id has come. */
  private count(id: string | null): number | undefined {
    if (id === null) return undefined;
    const attempt = (this.attempts.get(id) ?? 0) + 1;
    this.attempts.set(id, attempt);
    return attempt;
  }

  private describe(request: Request): object {
    const { pod, app, version } = this.facts;
    const socket = request.socket;
    return {
      pod,
      app,
      version,
      http: request.httpVersion,
      method: request.method,
      path: request.url,
      host: request.headers[':authority'] ?? request.headers.host,
      te: request.headers.te ?? null,
      tokens: ['authorization', 'x-bank-token'].filter((name) => name in request.headers),
      client: socket.remoteAddress,
      xfcc: request.headers['x-forwarded-client-cert'] ?? null,
      ...tlsOf(socket),
    };
  }

  private answerTcp(socket: net.Socket): void {
    const { pod, app } = this.facts;
    socket.on('error', () => {});
    socket.once('data', (data) => {
      const echo = data.toString('latin1').trim();
      const seen = { pod, app, echo, ...(this.kind === 'tls' && tlsOf(socket)) };
      socket.write(`${JSON.stringify(seen).replaceAll('":"', '": "')}\n`);
    });
  }
}

/** What a server saw of TLS: the fingerprint (SHA-256) tells certificates of one name apart. */
function tlsOf(socket: net.Socket): object {
  if (!(socket instanceof tls.TLSSocket)) return { tls: false, sni: null, peer: null };
  const { subject, subjectaltname, fingerprint256 } = socket.getPeerCertificate();
  const peer = subject ? { subject: subject.CN, san: subjectaltname ?? null, fingerprint: fingerprint256 } : null;
  return { tls: true, sni: socket.servername || null, peer };
}

/** Opens listening sockets in the pod's network namespace. */
function listen(sandbox: PodSandbox, ports: readonly number[]): Promise<net.Server[]> {
  return new Promise((resolve, reject) => {
    const script = path.join(__dirname, '..', 'programs', 'listen.js');
    const argv = [`--net=/run/netns/${sandbox.netns}`, process.execPath, script, ...ports.map(String)];
    const child = spawn('nsenter', argv, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const servers: net.Server[] = [];
    child.on('message', ({ port, error }: { port: number; error?: string }, handle) => {
      if (error) reject(new Error(`port ${port}: ${error}`));
      else servers.push(handle as net.Server);
      if (servers.length === ports.length) resolve(servers);
    });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code !== 0) reject(new Error(`listening on ${ports.join(', ')} ended with ${code}`));
    });
  });
}
