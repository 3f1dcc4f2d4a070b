import { App, Chart } from 'cdk8s';
import { findDuplicates } from '../../lib/synth/duplicates';
import type { RenderedObject } from '../../lib/synth/render';

function located(path: string, apiVersion: string, kind: string, name: string, namespace?: string): RenderedObject {
  return { construct: new Chart(new App(), path), manifest: { apiVersion, kind, metadata: { name, namespace } } };
}

describe('findDuplicates', () => {
  test('names all constructs of one object', () => {
    const objects = [
      located('a', 'networking.istio.io/v1', 'Gateway', 'ingress', 'istio-system'),
      located('b', 'networking.istio.io/v1beta1', 'Gateway', 'ingress', 'istio-system'),
      located('c', 'networking.istio.io/v1', 'Gateway', 'ingress', 'istio-system'),
    ];
    expect(findDuplicates(objects, 'error', 'c1')).toEqual([
      {
        code: 'MESH2001',
        severity: 'error',
        objects: ['Gateway istio-system/ingress @c1'],
        message: "3 constructs write one object: 'a', 'b', 'c'",
        atRuntime: 'all of them are applied, and the last one wins',
        fix: 'rename one of them, or remove the statement that repeats it',
      },
    ]);
  });

  test('objects differ by group, kind, namespace and name', () => {
    expect(
      findDuplicates(
        [
          located('1', 'networking.istio.io/v1', 'Gateway', 'a', 'x'),
          located('2', 'gateway.networking.k8s.io/v1', 'Gateway', 'a', 'x'),
          located('3', 'networking.istio.io/v1', 'Sidecar', 'a', 'x'),
          located('4', 'networking.istio.io/v1', 'Gateway', 'a', 'y'),
          located('5', 'networking.istio.io/v1', 'Gateway', 'a'),
          located('6', 'networking.istio.io/v1', 'Gateway', 'b', 'x'),
        ],
        'error',
      ),
    ).toEqual([]);
  });

  test('a namespace does not tell cluster-scoped objects apart', () => {
    const objects = [located('1', 'v1', 'Namespace', 'a', 'x'), located('2', 'v1', 'Namespace', 'a', 'y')];
    expect(findDuplicates(objects, 'warning')).toMatchObject([{ severity: 'warning', objects: ['Namespace x/a'] }]);
  });
});
