import { curlCommand, parseUrl } from '../../../testbed/bed/curl';

/** What follows an option on the command line. */
const following = (argv: readonly string[], option: string) => argv[argv.indexOf(option) + 1];

describe('parseUrl', () => {
  it('leaves the path as it is written', () => {
    expect(parseUrl('https://c2.example:15443/a/../%2e//b?c=../d')).toEqual({
      scheme: 'https',
      host: 'c2.example',
      port: 15443,
      rest: '/a/../%2e//b?c=../d',
    });
    expect(parseUrl('http://a?x')).toEqual({ scheme: 'http', host: 'a', port: 80, rest: '?x' });
    expect(parseUrl('https://a')).toMatchObject({ port: 443, rest: '' });
  });

  it.each(['tcp://echo', 'echo:80', ''])('refuses %j', (url) => {
    expect(() => parseUrl(url)).toThrow(`'${url}', expected scheme://host:port/path`);
  });
});

describe('curlCommand', () => {
  it('sends a GET and the path as it is written', () => {
    const argv = curlCommand('http://a/b/../c', {});
    expect(argv).toContain('--path-as-is');
    expect(following(argv, '--request')).toBe('GET');
    expect(argv.at(-1)).toBe('http://a/b/../c');
    for (const option of [
      '--insecure',
      '--cacert',
      '--cert',
      '--data-binary',
      '--http2-prior-knowledge',
      '--connect-to',
    ])
      expect(argv).not.toContain(option);
  });

  it('asks for the head only with HEAD', () => {
    expect(curlCommand('http://a/', { method: 'HEAD' })).toContain('--head');
    expect(curlCommand('http://a/', { method: 'HEAD' })).not.toContain('--request');
  });

  it('presents and demands certificates by their names', () => {
    const argv = curlCommand('https://a/', { as: 'client', ca: 'root' });
    expect(following(argv, '--cert')).toBe('/testbed/pki/client.crt');
    expect(following(argv, '--key')).toBe('/testbed/pki/client.key');
    expect(following(argv, '--cacert')).toBe('/testbed/pki/root.crt');
    expect(argv).not.toContain('--insecure');
    expect(curlCommand('https://a/', {})).toContain('--insecure');
  });

  it('sends headers, a body from stdin, HTTP/2 without asking', () => {
    const argv = curlCommand('http://a/', { headers: { te: 'trailers' }, body: 'AAAA', http2: true, timeout: 3 });
    expect(following(argv, '--header')).toBe('te: trailers');
    expect(following(argv, '--data-binary')).toBe('@-');
    expect(argv).toContain('--http2-prior-knowledge');
    expect(following(argv, '--max-time')).toBe('3');
  });

  it('dials the host of the URL under the name of the SNI', () => {
    const argv = curlCommand('https://10.72.0.30/a/../b', { sni: 'web.example' });
    expect(following(argv, '--connect-to')).toBe('web.example:443:10.72.0.30:443');
    expect(argv.at(-1)).toBe('https://web.example:443/a/../b');
  });

  it('refuses an SNI where there is no TLS', () => {
    expect(() => curlCommand('http://a/', { sni: 'b' })).toThrow(
      "'http://a/' has no TLS, so no SNI 'b'; expected https://",
    );
  });
});
