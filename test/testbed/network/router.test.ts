import type { Route } from '../../../testbed/kubernetes/types';
import { type RoutedHost, routerConfig } from '../../../testbed/network/router';

const DEFAULTS = { certificate: 'ROUTER', serviceCa: 'SERVICE CA' };

const routed = (name: string, spec: Partial<Route['spec']>): RoutedHost => ({
  route: {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { namespace: 'shop', name },
    spec: { host: `${name}.example`, to: { kind: 'Service', name: 'web' }, ...spec },
  },
  targets: [{ service: 'web', weight: 100, endpoints: [{ address: '10.44.1.10', port: 8443 }] }],
});

/** The lines of a section, by its first line. */
function section(config: string, head: string): string[] {
  const lines = config.split('\n');
  const from = lines.indexOf(head);
  const length = lines.slice(from + 1).findIndex((line) => line !== '' && !line.startsWith(' '));
  return lines.slice(from + 1, length < 0 ? undefined : from + 1 + length).map((line) => line.trim());
}

const configOf = (...hosts: RoutedHost[]) => routerConfig(hosts, '/etc/router', DEFAULTS);

describe('routerConfig', () => {
  it('forwards a passthrough host by its SNI, and does not open port 80 for it', () => {
    // WHEN
    const { config } = configOf(routed('secure', { tls: { termination: 'passthrough' } }));

    // THEN
    expect(section(config, 'frontend public_ssl')).toContain(
      'use_backend shop.secure if { req.ssl_sni -i secure.example }',
    );
    expect(section(config, 'backend shop.secure')).toEqual(
      expect.arrayContaining(['mode tcp', 'server web-0 10.44.1.10:8443 weight 100']),
    );
    expect(section(config, 'frontend public').join()).not.toContain('secure.example');
  });

  it('terminates an edge host with its own certificate and goes on in clear text', () => {
    const { config, files } = configOf(
      routed('edge', { tls: { termination: 'edge', certificate: 'CRT', key: 'KEY', caCertificate: 'CA' } }),
    );
    expect(files.get('shop.edge.pem')).toBe('CRT\nCA\nKEY');
    expect(config).toContain('ssl crt /etc/router/default.pem crt /etc/router/shop.edge.pem');
    expect(section(config, 'frontend terminated').join()).toContain('use_backend shop.edge if { req.hdr(host)');
    expect(section(config, 'backend shop.edge')).toContain('server web-0 10.44.1.10:8443 weight 100');
  });

  it('re-encrypts as OpenShift does: the CA of the Route without a name, no SNI', () => {
    const { config, files } = configOf(
      routed('again', { tls: { termination: 'reencrypt', destinationCACertificate: 'DESTINATION CA' } }),
    );
    expect(files.get('shop.again.ca')).toBe('DESTINATION CA');
    expect(section(config, 'backend shop.again')).toContain(
      'server web-0 10.44.1.10:8443 weight 100 ssl verify required ca-file /etc/router/shop.again.ca',
    );
  });

  it('demands the service CA and the name of the Service when the Route has no CA', () => {
    const { config } = configOf(routed('again', { tls: { termination: 'reencrypt' } }));
    expect(section(config, 'backend shop.again')).toContain(
      'server web-0 10.44.1.10:8443 weight 100 ssl verifyhost web.shop.svc verify required ca-file /etc/router/service-ca.crt',
    );
  });

  it.each([
    ['Redirect', 'http-request redirect scheme https code 302 if'],
    ['Allow', 'use_backend shop.edge if'],
    ['None', undefined],
    [undefined, undefined],
  ])('treats clear text to an edge host as insecureEdgeTerminationPolicy %s says', (policy, rule) => {
    const { config } = configOf(
      routed('edge', { tls: { termination: 'edge', insecureEdgeTerminationPolicy: policy } }),
    );
    const lines = section(config, 'frontend public').filter((line) => line.includes('edge.example'));
    expect(lines).toHaveLength(rule ? 1 : 0);
    if (rule) expect(lines[0]).toContain(rule);
  });

  it('tries the longer path first', () => {
    const { config } = configOf(
      routed('all', { host: 'shop.example' }),
      routed('cart', { host: 'shop.example', path: '/cart' }),
    );
    const order = section(config, 'frontend public').filter((line) => line.startsWith('use_backend'));
    expect(order.map((line) => line.split(' ')[1])).toEqual(['shop.cart', 'shop.all']);
    expect(order[0]).toContain('path_beg /cart');
  });
});
