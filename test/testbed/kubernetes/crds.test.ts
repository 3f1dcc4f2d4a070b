import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bundles, definitions, schema } from '../../../imports/schema';
import { crdsOf, crdsOfBundle, GATEWAY_API, OSSM_2_6, OSSM_3 } from '../../../testbed/kubernetes/crds';

interface Crd {
  metadata: { name: string };
  spec: {
    group: string;
    scope: string;
    names: Record<string, string>;
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      subresources?: object;
      schema: { openAPIV3Schema: object };
    }[];
  };
}

const crds = (bundle: string) => crdsOfBundle(bundle) as unknown as Crd[];
const crd = (bundle: string, name: string) => crds(bundle).find(({ metadata }) => metadata.name === name) as Crd;

/** Rules of a schema, at any depth, in the order in which they are found. */
function rulesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, below]) =>
    key === 'x-kubernetes-validations' ? (below as { rule: string }[]).map(({ rule }) => rule) : rulesIn(below),
  );
}

describe('crdsOfBundle', () => {
  it('makes one definition per kind, with all its versions', () => {
    expect(crd('istio-1.31', 'virtualservices.networking.istio.io').spec).toMatchObject({
      group: 'networking.istio.io',
      scope: 'Namespaced',
      names: {
        kind: 'VirtualService',
        plural: 'virtualservices',
        singular: 'virtualservice',
        listKind: 'VirtualServiceList',
      },
      versions: [
        { name: 'v1', served: true, storage: true, subresources: { status: {} } },
        { name: 'v1alpha3', served: true, storage: false },
        { name: 'v1beta1', served: true, storage: false },
      ],
    });
    expect(crd('sail', 'istios.sailoperator.io').spec.scope).toBe('Cluster');
  });

  it.each(bundles())('of %s covers every kind, stores each in one version, and loses no rule', (bundle) => {
    const all = crds(bundle);
    expect(all.flatMap(({ spec }) => spec.versions)).toHaveLength(definitions(bundle).length);
    for (const { metadata, spec } of all) {
      expect([metadata.name, spec.versions.filter(({ storage }) => storage)]).toEqual([
        metadata.name,
        [expect.anything()],
      ]);
      for (const version of spec.versions) {
        const found = schema(bundle, `${spec.group}/${version.name}`, spec.names.kind);
        const rules = found?.rules.map(({ rule }) => rule) ?? [];
        expect(rulesIn(version.schema.openAPIV3Schema).sort()).toEqual([...rules].sort());
      }
    }
  });

  it('puts a rule where it applies: fields, items and values of maps', () => {
    const { openAPIV3Schema } = crd('istio-1.31', 'serviceentries.networking.istio.io').spec.versions[0].schema;
    expect(openAPIV3Schema).toHaveProperty(
      ['properties', 'spec', 'properties', 'hosts', 'items', 'x-kubernetes-validations', 0, 'message'],
      expect.stringContaining('hostname'),
    );
  });

  it('leaves the schema of imports/ as it is', () => {
    const before = JSON.stringify(schema('istio-1.31', 'networking.istio.io/v1', 'ServiceEntry'));
    crds('istio-1.31');
    expect(JSON.stringify(schema('istio-1.31', 'networking.istio.io/v1', 'ServiceEntry'))).toBe(before);
  });

  it('refuses a bundle that there is not', () => {
    expect(() => crdsOfBundle('istio-1.0')).toThrow("no CustomResourceDefinitions 'istio-1.0', expected cert-manager,");
  });
});

describe('crdsOf', () => {
  it('reads those of the Gateway API among the programs', () => {
    const directory = mkdtempSync(path.join(tmpdir(), 'binaries-'));
    writeFileSync(path.join(directory, GATEWAY_API), '[{"kind": "CustomResourceDefinition"}]');
    expect(crdsOf('gateway-api', directory)).toEqual([{ kind: 'CustomResourceDefinition' }]);
    rmSync(directory, { recursive: true });
  });

  it('makes those of platforms', () => {
    for (const source of [...OSSM_2_6, ...OSSM_3]) expect(crdsOf(source, '/nowhere')).not.toEqual([]);
  });
});
