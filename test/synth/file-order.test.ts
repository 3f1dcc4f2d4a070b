import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import * as fc from 'fast-check';
import { Cluster } from '../../lib/fleet/cluster';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { orderFile } from '../../lib/synth/file-order';
import { Testing } from '../../lib/testing';

function chart(): MeshChart {
  const cluster = new Cluster(Testing.fleet(), 'c1');
  return new MeshChart(cluster, 'chart', { cluster, mesh: 'mesh', file: 'mesh.chart' });
}

function add(scope: Construct, kind: string, name: string, apiVersion = 'v1', namespace?: string): ApiObject {
  return new ApiObject(scope, `${kind}-${namespace}-${name}`, { apiVersion, kind, metadata: { name, namespace } });
}

function order(...objects: ApiObject[]): string[] {
  const rendered = objects.map((construct) => ({ construct, manifest: construct.toJson() }));
  return orderFile(rendered).map(({ construct }) => construct.node.id);
}

describe('orderFile', () => {
  test('sorts by kind, then namespace and name', () => {
    const scope = chart();
    expect(
      order(
        add(scope, 'Route', 'a', 'route.openshift.io/v1'),
        add(scope, 'Unheard', 'a', 'example.com/v1'),
        add(scope, 'VirtualService', 'a', 'networking.istio.io/v1'),
        add(scope, 'Gateway', 'a', 'networking.istio.io/v1'),
        add(scope, 'AuthorizationPolicy', 'a', 'security.istio.io/v1'),
        add(scope, 'Service', 'b', 'v1', 'y'),
        add(scope, 'Service', 'a', 'v1', 'y'),
        add(scope, 'Service', 'c', 'v1', 'x'),
        add(scope, 'Deployment', 'a', 'apps/v1'),
        add(scope, 'ServiceMeshControlPlane', 'a', 'maistra.io/v2'),
        add(scope, 'Namespace', 'b'),
        add(scope, 'Namespace', 'a'),
      ),
    ).toEqual([
      'Namespace-undefined-a',
      'Namespace-undefined-b',
      'ServiceMeshControlPlane-undefined-a',
      'Service-x-c',
      'Service-y-a',
      'Service-y-b',
      'Deployment-undefined-a',
      'AuthorizationPolicy-undefined-a',
      'Gateway-undefined-a',
      'VirtualService-undefined-a',
      'Route-undefined-a',
      'Unheard-undefined-a',
    ]);
  });

  test('an object moves in front of those that depend on it', () => {
    const scope = chart();
    const [account, service, route] = [
      add(scope, 'ServiceAccount', 'a'),
      add(scope, 'Service', 'a'),
      add(scope, 'Route', 'a', 'route.openshift.io/v1'),
    ];
    service.addDependency(route);
    expect(order(account, service, route).map((id) => id.split('-')[0])).toEqual([
      'ServiceAccount',
      'Route',
      'Service',
    ]);
  });

  test('dependencies of and on constructs count for the objects in them', () => {
    const scope = chart();
    const [first, second] = [new Construct(scope, 'first'), new Construct(scope, 'second')];
    const objects = [
      add(first, 'Namespace', 'a'),
      add(first, 'Secret', 'a'),
      add(second, 'ConfigMap', 'b'),
      add(second, 'Service', 'b'),
    ];
    first.node.addDependency(second);
    expect(order(...objects).map((id) => id.split('-')[0])).toEqual(['ConfigMap', 'Service', 'Namespace', 'Secret']);
  });

  test('all others of a chart can depend on one of its objects', () => {
    const scope = chart();
    const objects = [add(scope, 'Namespace', 'a'), add(scope, 'Secret', 'a'), add(scope, 'Service', 'a')];
    scope.addDependency(objects[2]);
    expect(order(...objects).map((id) => id.split('-')[0])).toEqual(['Service', 'Namespace', 'Secret']);
  });

  test('the order of statements does not matter, also with dependencies', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const result = (statements: readonly (readonly [string, string])[]) => {
      const scope = chart();
      const objects = new Map<string, ApiObject>();
      const object = (name: string) => {
        const existing = objects.get(name) ?? add(scope, 'ConfigMap', name);
        objects.set(name, existing);
        return existing;
      };
      for (const [from, to] of statements) {
        object(from).addDependency(object(to));
      }
      return order(...objects.values());
    };
    fc.assert(
      fc.property(
        fc
          .uniqueArray(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)), {
            selector: String,
            minLength: 1,
          })
          // GIVEN dependencies without cycles: on names that come later only
          .map((pairs) => pairs.filter(([from, to]) => from < to))
          .chain((pairs) => fc.tuple(fc.constant(pairs), fc.shuffledSubarray(pairs, { minLength: pairs.length }))),
        ([statements, shuffled]) => {
          expect(result(shuffled)).toEqual(result(statements));
        },
      ),
    );
  });

  test('a cycle is an error that names its members', () => {
    const scope = chart();
    const [a, b] = [add(scope, 'ConfigMap', 'a'), add(scope, 'ConfigMap', 'b')];
    a.addDependency(b);
    b.addDependency(a);
    expect(() => order(a, b)).toThrow(
      'MESH2009 c1/chart/ConfigMap-undefined-a: dependency cycle detected: c1/chart/ConfigMap-undefined-a => c1/chart/ConfigMap-undefined-b => c1/chart/ConfigMap-undefined-a; remove one of these dependencies',
    );
  });
});
