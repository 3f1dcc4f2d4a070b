import Ajv2020 from 'ajv/dist/2020';
import * as fc from 'fast-check';
import type { FleetDocument } from '../../lib';
import schema from '../../schema/fleet.schema.json';

const validate = new Ajv2020({ allErrors: true }).compile(schema);
const root = { name: 'ca', sha256: ['a1'.repeat(32)] };

/** Every field that a document can have. */
const full: FleetDocument = {
  version: 1,
  clusters: [{ name: 'east', domain: 'cluster.local' }],
  meshes: [
    {
      name: 'production',
      cluster: 'east',
      platform: 'Istio 1.31',
      istio: '1.31',
      trustDomain: 'production.example',
      root,
      controlPlane: {
        namespace: 'istio-system',
        writtenBy: 'sail',
        outboundTrafficPolicy: 'REGISTRY_ONLY',
        mtls: true,
        pathNormalization: 'MERGE_SLASHES',
        dnsCapture: true,
        network: 'east',
        trustDomainAliases: ['old.example'],
        otherRoots: { believedBy: 'gateways', roots: [{ ...root, trustDomains: ['partner.example'] }] },
      },
      namespaces: ['travel'],
      gateways: [
        {
          name: 'public',
          kind: 'ingress',
          namespace: 'gateways',
          service: 'public',
          selector: { istio: 'public' },
          identity: 'production.example/ns/gateways/sa/public',
          ports: [{ name: 'https', number: 443, targetPort: 8443 }],
          address: { kind: 'nodePort', hosts: ['192.0.2.1'], port: 30443 },
          route: 'passthrough',
          denyByDefault: true,
          policies: 'EnvoyFilter',
          believesOtherRoots: true,
        },
      ],
      routings: [
        {
          path: 'east/production/quotes',
          host: 'quotes.travel.svc.cluster.local',
          rules: [
            {
              port: 8000,
              protocol: 'http',
              isNarrow: true,
              paths: ['/a/*'],
              callers: { namespaces: ['travel'], labels: { app: 'travels' } },
              to: [{ host: 'egress.gateways.svc.cluster.local', port: 443, subset: 'a', authority: 'b.example' }],
            },
          ],
        },
      ],
    },
  ],
  peerings: [
    {
      name: 'premium',
      path: 'premium',
      strategy: 'DirectPeering',
      consumer: 'production',
      provider: 'api.bank.example',
      tls: 'mutual',
      clientCertificate: 'optional',
      server: { subjectAltName: 'insurances.partner.example', signer: root },
      client: { subjectAltName: 'spiffe://east.example/egress', signer: root },
      callers: { namespaces: ['travel'], labels: { app: 'travels' }, serviceAccounts: ['travel/travels'] },
      mounts: { secret: 'client', directory: '/etc/certs' },
      exposures: [
        {
          key: 'broker/insurances:8000/v1',
          host: 'insurances.partner.example',
          protocol: 'http',
          dialled: { host: 'insurances.partner.example', port: 80 },
          nextHop: { host: 'egress.gateways.svc.cluster.local', port: 443, subset: 'a', authority: 'b.example' },
          standsBy: true,
          endpoint: { port: 443, addresses: ['192.0.2.1'] },
          arrival: { gateway: 'public', port: 443 },
          wire: { sni: 'c2.example', prefix: '/a/' },
          backend: { labels: { app: 'insurances' }, subset: { version: 'v1' }, port: 8080 },
          servers: ['a.example/ns/b/sa/c'],
          access: [{ kind: 'http', methods: ['GET'], paths: ['/a/*'], from: ['a.example/ns/b/sa/c'] }],
        },
      ],
    },
  ],
  secrets: [
    {
      cluster: 'east',
      namespace: 'gateways',
      name: 'server',
      keys: ['ca.crt', 'tls.crt', 'tls.key'],
      identity: 'insurances.partner.example',
      signer: root,
      trusts: root,
      writtenBy: 'cert-manager',
      neededBy: 'premium',
    },
  ],
  accepted: [
    { code: 'MESH3001', objects: ['peering premium'], message: 'sends clear text', reason: 'until 2027: mainframe' },
  ],
};

/** Fields that may be left out. */
const OPTIONAL = [
  'root',
  'aliases',
  'clientCertificate',
  'host',
  'address',
  'address.port',
  'pathNormalization',
  'policies',
  'route',
  'methods',
  'paths',
  'from',
  'identity',
  'signer',
  'trusts',
  'accepted',
  'dnsCapture',
  'network',
  'trustDomainAliases',
  'otherRoots',
  'believesOtherRoots',
  'server',
  'client',
  'callers',
  'callers.labels',
  'serviceAccounts',
  'dialled',
  'nextHop',
  'subset',
  'authority',
  'endpoint',
  'addresses',
  'arrival',
  'backend',
  'routings',
  'rules.callers',
  'isNarrow',
  'mounts',
  'standsBy',
  'wire',
  'prefix',
  'servers',
];

type Step = string | number;

/** Paths of all objects, and of all fields of objects. */
function walk(value: unknown, path: Step[] = []): { objects: Step[][]; fields: Step[][] } {
  if (typeof value !== 'object' || value === null) return { objects: [], fields: [] };
  const isList = Array.isArray(value);
  const inner = Object.entries(value).map(([key, child]) => walk(child, [...path, isList ? Number(key) : key]));
  return {
    objects: [...(isList ? [] : [path]), ...inner.flatMap(({ objects }) => objects)],
    fields: [
      ...(isList ? [] : Object.keys(value).map((key) => [...path, key])),
      ...inner.flatMap(({ fields }) => fields),
    ],
  };
}

function edited(path: Step[], edit: (parent: Record<Step, unknown>, key: Step) => void): unknown {
  const copy = structuredClone(full) as unknown as Record<Step, unknown>;
  const parent = path.slice(0, -1).reduce((at, step) => at[step] as Record<Step, unknown>, copy);
  edit(parent, path[path.length - 1]);
  return copy;
}

describe('schema/fleet.schema.json', () => {
  const { objects, fields } = walk(full);

  test('accepts every field that a document can have, and none that is optional', () => {
    expect([validate(full), validate.errors]).toEqual([true, null]);
    for (const path of fields) {
      const name = String(path[path.length - 1]);
      const parent = path[path.length - 2];
      const isOptional =
        (OPTIONAL.includes(name) || OPTIONAL.includes(`${parent}.${name}`)) &&
        // an identity is optional for Secrets only: a gateway always has one; a place always has a host
        !(name === 'identity' && path.includes('gateways')) &&
        !(name === 'host' && path[path.length - 3] !== 'exposures');
      const without = edited(path, (parent, key) => delete parent[key]);
      expect([path.join('.'), validate(without)]).toEqual([path.join('.'), isOptional]);
    }
  });

  test('refuses unknown fields everywhere', () => {
    for (const path of objects) {
      const more = edited([...path, 'unknown'], (parent, key) => {
        parent[key] = true;
      });
      expect([path.join('.'), validate(more)]).toEqual([path.join('.'), false]);
    }
  });

  test('refuses values of another type', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fields), fc.constantFrom(null, {}, [{}], '', -1), (path, value) => {
        // an empty label is one
        fc.pre(
          !(path.length === 1 && Array.isArray(value)) &&
            !(/^(labels|selector|subset)$/.test(String(path[path.length - 2])) && value === ''),
        );
        const wrong = edited(path, (parent, key) => {
          parent[key] = value;
        });
        expect(validate(wrong)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});
