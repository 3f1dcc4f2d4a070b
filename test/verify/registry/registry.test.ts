import type { Registry } from '../../../lib/verify/registry/registry';
import type { Service } from '../../../lib/verify/registry/service';
import { deployment, istio, namespace, planeOf, service, workloadOf } from '../support/world';

function serviceOf({ services }: Registry, host: string, from?: string): Service {
  const found = services.find((one) => one.hostname === host && (!from || one.from.name === from));
  if (!found) throw new Error(`there is no service ${host}`);
  return found;
}

const addresses = (registry: Registry, host: string, port: number, from?: string) =>
  registry.endpoints(serviceOf(registry, host, from), port).map((one) => `${one.address}:${one.port}`);

const entry = (name: string, spec: string) => istio('ServiceEntry', `a/${name}`, spec);

describe('endpoints', () => {
  test('of a ServiceEntry with DNS and no endpoints are the host itself', () => {
    const { registry } = planeOf(
      entry(
        'x',
        'hosts: [x.example]\nresolution: DNS\nports: [{ number: 80, name: http, protocol: HTTP, targetPort: 8080 }]',
      ),
    );
    expect(addresses(registry, 'x.example', 80)).toEqual(['x.example:8080']);
  });

  // serviceentry/conversion.go: mergeServicesInstancesByNamespaceHost, endpointshards.go: CopyEndpoints
  test('of two ServiceEntries of one host are shared by the number of the port where one is DNS', () => {
    const { registry } = planeOf(
      entry('x', 'hosts: [x.example]\nresolution: DNS\nports: [{ number: 80, name: http, protocol: HTTP }]') +
        entry(
          'a',
          'hosts: [x.example]\nresolution: DNS_ROUND_ROBIN\nports: [{ number: 80, name: p0, protocol: TCP }]\nendpoints: [{ address: up.example, ports: { p0: 7000 } }]',
        ),
    );
    expect(addresses(registry, 'x.example', 80, 'x')).toEqual(['up.example:7000', 'x.example:80']);
  });

  test('of a ServiceEntry that another of the same host and another port number joins stay its own', () => {
    const { registry } = planeOf(
      entry('x', 'hosts: [x.example]\nresolution: DNS\nports: [{ number: 443, name: tls, protocol: TLS }]') +
        entry('z', 'hosts: [x.example]\nresolution: NONE\nports: [{ number: 443, name: p0, protocol: UDP }]'),
    );
    expect(registry.endpoints(serviceOf(registry, 'x.example', 'z'), 443)).toEqual([]);
    expect(addresses(registry, 'x.example', 443, 'x')).toEqual(['x.example:443']);
  });

  test('of a Service are pods by the name or number of their port, and WorkloadEntries that it selects', () => {
    const named = deployment('a/web').replace('containerPort: 8080', 'name: main, containerPort: 7777');
    const vm = istio('WorkloadEntry', 'a/vm', 'address: 9.8.7.6\nlabels: { app: web }\nports: { main: 6000 }');
    const plane = planeOf(named + vm + service('a/web', '{ name: http, port: 80, targetPort: main }'));
    const [pod] = plane.mesh.workloads;
    expect(addresses(plane.registry, 'web.a.svc.cluster.local', 80)).toEqual([`${pod.ip}:7777`, '9.8.7.6:6000']);
  });

  test('of a Service without selector are those that somebody wrote', () => {
    const bare =
      '---\napiVersion: v1\nkind: Service\nmetadata: { name: ext, namespace: a }\nspec: { ports: [{ name: http, port: 80 }] }\n';
    const slice =
      '---\napiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: { name: e, namespace: a, labels: { kubernetes.io/service-name: ext } }\nports: [{ name: http, port: 81 }]\nendpoints: [{ addresses: [1.2.3.4] }]\n';
    expect(addresses(planeOf(bare + slice).registry, 'ext.a.svc.cluster.local', 80)).toEqual(['1.2.3.4:81']);
  });

  test('take mTLS by their label, or because they have a service account', () => {
    const { registry } = planeOf(
      entry(
        'x',
        'hosts: [x.example]\nresolution: STATIC\nports: [{ number: 80, name: http, protocol: HTTP }]\nendpoints: [{ address: 1.1.1.1 }, { address: 1.1.1.2, serviceAccount: sa }, { address: 1.1.1.3, serviceAccount: sa, labels: { security.istio.io/tlsMode: disabled } }]',
      ),
    );
    expect(registry.endpoints(serviceOf(registry, 'x.example'), 80).map(({ takesMtls }) => takesMtls)).toEqual([
      false,
      true,
      false,
    ]);
  });
});

// spiffe.ExpandWithTrustDomains
test('SPIFFE IDs of a service are also expected in the aliases of the trust domain, whatever their own', () => {
  const { registry } = planeOf(
    entry(
      'x',
      'hosts: [x.example]\nresolution: STATIC\nports: [{ number: 80, name: http, protocol: HTTP }]\nsubjectAltNames: ["spiffe://other/ns/a/sa/b", "spiffe://x/y", x.example]',
    ),
    { meshConfig: { trustDomain: 'own', trustDomainAliases: ['alias'] } },
  );
  expect(registry.serviceAccounts(serviceOf(registry, 'x.example'))).toEqual([
    'spiffe://alias/ns/a/sa/b',
    'spiffe://other/ns/a/sa/b',
    'spiffe://x/y',
    'x.example',
  ]);
});

// Proxy.SetServiceTargets
test('ports of a workload belong to the oldest Service that selects it, then by host name', () => {
  const young = service('a/web', '{ name: tcp, port: 90, targetPort: 8080 }').replace('name: web', 'name: b-young');
  const plane = planeOf(
    namespace('a') +
      deployment('a/web') +
      young +
      service('a/web', '{ name: http, port: 80, targetPort: 8080 }').replace(
        'namespace: a',
        'namespace: a, creationTimestamp: 2020-01-01T00:00:00Z',
      ),
  );
  expect(plane.registry.targets(workloadOf(plane, 'a/web')).map((one) => one.service.from.name)).toEqual([
    'web',
    'b-young',
  ]);
});

test('a Kubernetes Service takes the place of a ServiceEntry of its name', () => {
  const { registry } = planeOf(
    entry(
      'x',
      'hosts: [web.a.svc.cluster.local]\nresolution: NONE\nports: [{ number: 80, name: http, protocol: HTTP }]',
    ) + service('a/web', '{ name: http, port: 80 }'),
  );
  expect(registry.byHost.get('web.a.svc.cluster.local')?.get('a')?.registry).toBe('Kubernetes');
});

test('an ExternalName is another name of the service that it names', () => {
  const alias =
    '---\napiVersion: v1\nkind: Service\nmetadata: { name: short, namespace: a }\nspec: { type: ExternalName, externalName: web.a.svc.cluster.local, ports: [{ port: 80 }] }\n';
  const { registry } = planeOf(service('a/web', '{ name: http, port: 80 }') + alias);
  expect(serviceOf(registry, 'web.a.svc.cluster.local').aliases).toEqual(['short.a.svc.cluster.local']);
});
