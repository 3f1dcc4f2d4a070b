import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Container, Probe } from './types';

/** Tries a probe of a container once, from the node. A probe that runs a command always succeeds. */
export function succeeds(probe: Probe, container: Container, address: string): Promise<boolean> {
  const portOf = (port: number | string) =>
    typeof port === 'number' ? port : (container.ports?.find(({ name }) => name === port)?.containerPort ?? 0);
  const { httpGet, tcpSocket } = probe;
  if (httpGet) return httpSucceeds(httpGet.scheme === 'HTTPS', address, portOf(httpGet.port), httpGet.path ?? '/');
  if (tcpSocket) return tcpSucceeds(address, portOf(tcpSocket.port));
  return Promise.resolve(true);
}

function httpSucceeds(secure: boolean, host: string, port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { host, port, path, timeout: 1000, agent: false, rejectUnauthorized: false } as const;
    const request = (secure ? https : http).get(options, (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', () => resolve(false));
  });
}

export function tcpSucceeds(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.on('connect', () => finish(true));
    socket.on('timeout', () => finish(false));
    socket.on('error', () => finish(false));
  });
}
