import { compareVersions, parseCrds } from '../../../tools/import/crd';
import { crd } from './fixtures';

describe('parseCrds', () => {
  test('reads kind, scope and served versions, newest first', () => {
    // GIVEN versions in the order of the file, one of them not served
    const text = crd({ kind: 'Thing', versions: ['v1alpha1', 'v1', 'v1beta2', 'v2'], notServed: ['v2'] });
    // WHEN
    const [thing] = parseCrds(text, 'thing.yaml');
    // THEN
    expect(thing).toMatchObject({ group: 'example.com', kind: 'Thing', plural: 'things', namespaced: true });
    expect(thing?.versions.map((version) => version.name)).toEqual(['v1', 'v1beta2', 'v1alpha1']);
  });

  test('sorts by group and kind, skips empty documents', () => {
    const text = ['', crd({ kind: 'Zebra' }), crd({ kind: 'Ape', group: 'a.example.com', scope: 'Cluster' }), ''].join(
      '\n---\n',
    );
    expect(parseCrds(text, 'zoo.yaml').map((c) => [c.group, c.kind, c.namespaced])).toEqual([
      ['a.example.com', 'Ape', false],
      ['example.com', 'Zebra', true],
    ]);
  });

  test('reads which version is stored, and whether the status is a subresource', () => {
    const text = crd({ kind: 'Thing', versions: ['v1beta1', 'v1'] }).replace('subresources: { status: {} }', '');
    expect(parseCrds(text, 'f')[0]?.versions).toMatchObject([
      { name: 'v1', storage: false, status: true },
      { name: 'v1beta1', storage: true, status: false },
    ]);
  });

  test.each([
    [
      crd({ kind: 'Thing' }).replace('scope:', 'conversion: { strategy: Webhook }\n  scope:'),
      'f.yaml: Thing: conversion by Webhook, expected None',
    ],
    [
      crd({ kind: 'Thing', versions: ['v1', 'v2'], notServed: ['v1'] }),
      'f.yaml: Thing: the stored version is not served',
    ],
    [
      crd({ kind: 'Thing', spec: 'x-kubernetes-validations: [{ rule: a, messageExpression: b }]' }),
      'f.yaml: Thing v1: rule of spec: unknown field messageExpression, expected rule, message',
    ],
  ])('refuses what imports/schema/ would lose', (text, message) => {
    expect(() => parseCrds(text, 'f.yaml')).toThrow(message);
  });

  test('a keyword without a value is absent', () => {
    const text = crd({ kind: 'Thing', spec: 'properties: { port: { anyOf: null, type: string } }' });
    expect(parseCrds(text, 'f')[0]?.versions[0]?.schema.properties?.spec?.properties?.port).toEqual({ type: 'string' });
  });

  test.each([
    ['kind: ConfigMap', 'f.yaml: found an object of kind ConfigMap, expected only CustomResourceDefinition'],
    ['a: 1', 'f.yaml: found an object of kind (none), expected only CustomResourceDefinition'],
    ['', 'f.yaml: no CustomResourceDefinition in it'],
  ])('refuses %j', (text, message) => {
    expect(() => parseCrds(text, 'f.yaml')).toThrow(message);
  });

  test('refuses what is not YAML, with the file', () => {
    expect(() => parseCrds('a: [1', 'f.yaml')).toThrow(/^f\.yaml: not YAML: /);
  });

  test('orders versions as the API server does', () => {
    const sorted = ['v1', 'v1alpha3', 'v2', 'v1beta1', 'v1alpha1', 'v10'].sort(compareVersions);
    expect(sorted).toEqual(['v1alpha1', 'v1alpha3', 'v1beta1', 'v1', 'v2', 'v10']);
    expect(() => compareVersions('v1', 'latest')).toThrow(
      'version latest is not a Kubernetes API version such as v1beta1',
    );
  });
});
