import type { EndpointSlice, Service } from '../../../testbed/kubernetes/types';
import { serviceRules, viewServices } from '../../../testbed/network/services';

const service = (name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'app', name },
  spec,
});

const slice = (name: string, addresses: string[], ready = true): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { namespace: 'app', name: `${name}-1`, labels: { 'kubernetes.io/service-name': name } },
  endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready } })),
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
});

const PORT = { name: 'http', port: 80, protocol: 'TCP' };

const view = (services: Service[], slices: EndpointSlice[] = []) =>
  viewServices(services, slices, '10.44.1.1', () => '10.71.0.200');

describe('viewServices', () => {
  it('puts the ready endpoints behind every address of a Service', () => {
    // WHEN
    const { ports, names, loadBalancers } = view(
      [service('web', { type: 'LoadBalancer', clusterIP: '10.91.0.5', ports: [{ ...PORT, nodePort: 30080 }] })],
      [slice('web', ['10.44.1.10']), slice('web', ['10.44.1.11'], false)],
    );

    // THEN
    const endpoints = [{ address: '10.44.1.10', port: 8080 }];
    expect(ports).toEqual([
      { address: '10.91.0.5', port: 80, protocol: 'tcp', endpoints },
      { address: '10.71.0.200', port: 80, protocol: 'tcp', endpoints },
      { address: '10.44.1.1', port: 30080, protocol: 'tcp', endpoints },
    ]);
    expect(names.get('web.app.svc.cluster.local')).toEqual(['10.91.0.5']);
    expect(loadBalancers.get('app/web')).toBe('10.71.0.200');
  });

  it('gives a LoadBalancer the address it names', () => {
    const { loadBalancers } = view([
      service('web', { type: 'LoadBalancer', clusterIP: '10.91.0.5', loadBalancerIP: '10.71.0.10', ports: [PORT] }),
    ]);
    expect(loadBalancers.get('app/web')).toBe('10.71.0.10');
  });

  it('names the pods of a headless Service and the host of an ExternalName', () => {
    const { names, ports } = view(
      [
        service('web', { clusterIP: 'None', ports: [PORT] }),
        service('alias', { type: 'ExternalName', externalName: 'web.example' }),
      ],
      [slice('web', ['10.44.1.11', '10.44.1.10'])],
    );
    expect(names.get('web.app.svc.cluster.local')).toEqual(['10.44.1.10', '10.44.1.11']);
    expect(names.get('alias.app.svc.cluster.local')).toBe('web.example');
    expect(ports).toEqual([]);
  });
});

describe('serviceRules', () => {
  const port = { address: '10.91.0.5', port: 80, protocol: 'tcp' } as const;

  it('spreads connections over the endpoints', () => {
    const rules = serviceRules(
      't',
      [
        {
          ...port,
          endpoints: [
            { address: '10.44.1.10', port: 8080 },
            { address: '10.44.1.11', port: 8080 },
          ],
        },
      ],
      [],
    );
    expect(rules).toContain('10.91.0.5 . tcp . 80 : goto service-0');
    expect(rules).toContain('numgen random mod 2 map { 0 : 10.44.1.10 . 8080, 1 : 10.44.1.11 . 8080 }');
  });

  it('leaves an address without endpoints to be refused', () => {
    expect(serviceRules('t', [{ ...port, endpoints: [] }], [])).not.toContain('10.91.0.5');
  });

  it('brings the answer back to a pod that calls itself', () => {
    expect(serviceRules('t', [], ['10.44.1.10'])).toContain('elements = { 10.44.1.10 . 10.44.1.10 }');
  });

  it('names an address and port once when two Services claim it', () => {
    const endpoints = [{ address: '10.44.1.10', port: 8080 }];
    const rules = serviceRules(
      't',
      [
        { ...port, endpoints },
        { ...port, endpoints },
      ],
      [],
    );
    expect(rules.match(/10\.91\.0\.5 \. tcp \. 80/g)).toHaveLength(1);
  });
});
