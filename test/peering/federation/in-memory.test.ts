import { Access, FederationPeering, Fleet } from '../../../lib';
import type { Manifest } from '../../../lib/facts/manifest';
import { inMemoryName } from '../../../lib/peering/federation/in-memory';
import { clustersOssm } from '../../../scenarios/partner-agency-option-3';
import { federated, services } from '../federations';

test('names longer than a label are cut, and end in the beginning of their SHA-256', () => {
  const quotes = { name: 'premium-insurance-quotes', namespace: 'premium-broker-production' };
  expect(inMemoryName('imp', quotes, 'partner-agency')).toBe(
    'fed-imp-premium-insurance-quotes-premium-broker-product8d5cb687',
  );
  expect(inMemoryName('exp', { name: 'a', namespace: 'b' }, 'c')).toBe('fed-exp-a-b-c');
  const limit = { name: 'a'.repeat(50), namespace: 'b' };
  expect(inMemoryName('exp', limit, 'cc')).toBe(`fed-exp-${'a'.repeat(50)}-b-cc`);
  expect(inMemoryName('exp', limit, 'ccc')).toHaveLength(63);
});

test('what OpenShift Service Mesh 2 makes in memory is told: hosts, principals, names, networks', () => {
  const { inMemory, ...told } = clustersOssm(new Fleet()).describe();
  expect(told).toEqual({
    form: 'maistra',
    host: 'insurances.premium-broker.svc.partner-imports.local',
    wireHost: 'insurances.premium-broker.svc.production-exports.local',
    principals: {
      atIngress: 'production.local/ns/prod-istio-system/sa/partner-egress-service-account',
      atWorkload: 'partner.local/ns/partner-istio-system/sa/production-ingress-service-account',
    },
  });
  expect(inMemory).toMatchObject({
    network: 'network-partner',
    virtualIps: '240.241.0.0/16',
    discovery: {
      consumer: { host: 'discovery.prod-istio-system.svc.partner.local' },
      provider: {
        host: 'discovery.partner-istio-system.svc.production.local',
        objects: [
          'AuthorizationPolicy federation-discovery-production',
          'DestinationRule federation-discovery-production-egress',
          'Gateway federation-discovery-production-egress',
          'Gateway federation-discovery-production-ingress',
          'ServiceEntry federation-discovery-production',
          'VirtualService federation-discovery-production-egress',
          'VirtualService federation-discovery-production-ingress',
        ],
      },
    },
  });
  const names = (objects: readonly Manifest[] = []) => objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  const imported = 'fed-imp-insurances-premium-broker-partner';
  expect(names(inMemory?.consumer)).toEqual([
    `ServiceEntry ${imported}`,
    `DestinationRule ${imported}`,
    `Gateway ${imported}`,
    `VirtualService ${imported}`,
    `ServiceEntry ${imported}-remote`,
    `DestinationRule ${imported}-remote`,
  ]);
  expect(names(inMemory?.provider)).toEqual([
    'Gateway fed-exp-insurances-premium-broker-production',
    'VirtualService fed-exp-insurances-premium-broker-production',
    'AuthorizationPolicy federation-exports-production',
  ]);
});

test('imports carry the exported name, exports the own one', () => {
  const fleet = new Fleet();
  const a = federated(fleet, 'maistra', 'a');
  const b = federated(fleet, 'maistra', 'b', { cluster: a.cluster });
  const exposure = new FederationPeering(fleet, 'p', { consumer: a, provider: b }).expose(services(b).web, {
    allow: [Access.http()],
    alias: { name: 'quotes', namespace: 'of-b' },
  });
  const { inMemory } = exposure.describe();
  expect(inMemory?.consumer[0].metadata.name).toBe('fed-imp-quotes-of-b-b');
  expect(inMemory?.provider[0].metadata.name).toBe('fed-exp-web-x-a');
});

test('where everything is written, nothing is in memory', () => {
  const fleet = new Fleet();
  const cluster = federated(fleet, 'gateways', 'a').cluster;
  const b = federated(fleet, 'gateways', 'b', { cluster });
  const c = federated(fleet, 'gateways', 'c', { cluster });
  const exposure = new FederationPeering(fleet, 'p', { consumer: b, provider: c }).expose(services(c).web, {
    allow: [],
  });
  expect(exposure.describe()).toEqual({
    form: 'gateways',
    host: 'web.x.svc.c-imports.local',
    wireHost: 'web.x.c.svc.b-exports.local',
    principals: { atIngress: 'b.local/ns/b-system/sa/c-egress', atWorkload: 'c.local/ns/c-system/sa/b-ingress' },
  });
});

test('describing writes nothing', () => {
  const silent = new Fleet();
  clustersOssm(silent);
  const told = new Fleet();
  clustersOssm(told).describe();
  expect(told.manifests()).toEqual(silent.manifests());
});
