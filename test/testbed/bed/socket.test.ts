import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { REPOSITORY } from '../../../testbed/bed/paths';
import { alpnRequest, lineOutcome, lineRequest } from '../../../testbed/bed/socket';

describe('lineRequest', () => {
  it('sends a line over tcp', () => {
    expect(lineRequest('tcp://echo:9000', {})).toEqual({
      ...{ host: 'echo', port: 9000, send: 'ping\n', until: '\n', seconds: 4 },
    });
  });

  it('sends it inside of TLS, with the name that is dialled or another', () => {
    expect(lineRequest('tls://c2.example:31400', { as: 'c1' }).tls).toEqual({
      servername: 'c2.example',
      cert: '/testbed/pki/c1.crt',
      key: '/testbed/pki/c1.key',
    });
    expect(lineRequest('tls://c2.example:31400', { sni: 'web', ca: 'root' }).tls).toEqual({
      servername: 'web',
      ca: '/testbed/pki/root.crt',
    });
    expect(lineRequest('tls://10.72.0.1:31400', {}).tls).toEqual({});
  });

  it.each([
    ['tcp', { method: 'GET' }, 'method'],
    ['tls', { http2: true }, 'http2'],
    ['tcp', { as: 'c1' }, 'as'],
    ['tcp', { sni: 'a' }, 'sni'],
  ])('refuses over %s %j, which means nothing there', (scheme, options, name) => {
    expect(() => lineRequest(`${scheme}://a:1`, options)).toThrow(`'${scheme}://a:1': '${name}' means nothing over`);
  });
});

describe('alpnRequest', () => {
  it('is one HTTP request whose path is sent as it is written', () => {
    const options = { alpn: 'istio', sni: 'outbound_.80_._.a', as: 'c1', method: 'POST', headers: { x: 'y' } };
    expect(alpnRequest('https://10.72.0.30:15443/a/../b?c', options)).toEqual({
      ...{ host: '10.72.0.30', port: 15443, seconds: 6, method: 'POST', path: '/a/../b?c' },
      headers: { host: 'outbound_.80_._.a', x: 'y' },
      tls: {
        ...{ servername: 'outbound_.80_._.a', alpn: 'istio' },
        ...{ cert: '/testbed/pki/c1.crt', key: '/testbed/pki/c1.key' },
      },
    });
  });

  it('has a path and the host of the URL where nothing else is said', () => {
    expect(alpnRequest('https://web.example', { alpn: 'h2' })).toMatchObject({
      ...{ path: '/', port: 443, headers: { host: 'web.example' }, tls: { servername: 'web.example' } },
    });
    expect(alpnRequest('https://web.example?a', { alpn: 'h2' }).path).toBe('/?a');
  });

  it('refuses what it cannot do', () => {
    expect(() => alpnRequest('http://a/', { alpn: 'istio' })).toThrow(
      "'http://a/' has no TLS, so no ALPN 'istio'; expected https://",
    );
    expect(() => alpnRequest('https://a/', { alpn: 'istio', body: '' })).toThrow(
      "'https://a/': a call with an ALPN of its own sends no body",
    );
  });
});

describe('lineOutcome', () => {
  it('is an answer, or the first line of what went wrong', () => {
    expect(lineOutcome({ body: 'pong\n', error: null })).toEqual({ code: 'ok', body: 'pong\n' });
    expect(lineOutcome({ body: '', error: 'EPROTO: a\nb' })).toEqual({ error: 'EPROTO: a', body: '' });
  });
});

describe('programs/socket-call.js', () => {
  const call = async (answer: (socket: net.Socket) => void) => {
    const server = net.createServer((socket) => socket.once('data', () => answer(socket)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const { execFile } = await import('node:child_process');
    const script = path.join(REPOSITORY, 'testbed', 'programs', 'socket-call.js');
    const request = { ...lineRequest(`tcp://127.0.0.1:${port}`, { timeout: 1 }) };
    const stdout = await new Promise<string>((resolve) => {
      execFile(process.execPath, [script, JSON.stringify(request)], (_, out) => resolve(out));
    });
    server.close();
    return JSON.parse(stdout);
  };

  it('prints the line that comes back', async () => {
    expect(await call((socket) => socket.end('pong\n'))).toEqual({ body: 'pong\n', error: null });
  });

  it('says how a connection ended without one', async () => {
    expect(await call((socket) => socket.end('po'))).toEqual({ body: 'po', error: 'closed without an answer' });
    expect(await call((socket) => socket.resetAndDestroy())).toEqual({
      body: '',
      error: 'ECONNRESET: read ECONNRESET',
    });
    expect(await call(() => {})).toEqual({ body: '', error: 'no answer within 1 s' });
  });
});

test('the programs that are run in pods are valid', () => {
  for (const name of ['socket-call.js', 'https-call.js', 'listen.js']) {
    const file = path.join(REPOSITORY, 'testbed', 'programs', name);
    expect(readFileSync(file, 'utf8')).toContain(`usage: node ${name}`);
    expect(spawnSync(process.execPath, ['--check', file]).status).toBe(0);
  }
});
