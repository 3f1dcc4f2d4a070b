import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCrds } from '../../../tools/import/crd';
import { diffCrds, readCrds } from '../../../tools/import/diff';
import { crd } from './fixtures';

function diff(older: string, newer: string): string[] {
  return diffCrds(parseCrds(older, 'old.yaml'), parseCrds(newer, 'new.yaml'));
}

const specs = (older: string, newer: string): string[] =>
  diff(crd({ kind: 'Thing', spec: older }), crd({ kind: 'Thing', spec: newer }));

test('kinds and versions', () => {
  const older = `${crd({ kind: 'Gone' })}---\n${crd({ kind: 'Thing', versions: ['v1beta1', 'v1alpha3'] })}`;
  const newer = `${crd({ kind: 'Thing', versions: ['v1', 'v1beta1'] })}---\n${crd({ kind: 'New', versions: ['v1alpha1'] })}`;
  expect(diff(older, newer)).toEqual([
    'example.com/Gone: removed kind (v1)',
    'example.com/New: added kind (v1alpha1)',
    'example.com/Thing: added version v1',
    'example.com/Thing: removed version v1alpha3',
  ]);
});

test('fields, at any depth; of an added object only the object', () => {
  const older = `properties:
  http: { type: array, items: { type: object, properties: { old: { type: string } } } }
  headers: { type: object, additionalProperties: { type: object, properties: { a: { type: string } } } }`;
  const newer = `properties:
  http: { type: array, items: { type: object, required: [name], properties: { name: { type: string } } } }
  headers: { type: object, additionalProperties: { type: object, properties: { a: { type: string }, b: { type: object, properties: { c: { type: string } } } } } }`;
  expect(specs(older, newer)).toEqual([
    'example.com/Thing: added field spec.headers{}.b (object)',
    'example.com/Thing: added field spec.http[].name (string, required)',
    'example.com/Thing: removed field spec.http[].old (string)',
  ]);
});

test('types, enums, requirements', () => {
  const older = `required: [a]
properties:
  a: { type: string }
  b: { type: string }
  port: { type: integer }
  list: { type: array, items: { type: string } }
  mode: { type: string, enum: [A, B] }
  free: { type: string }
  fixed: { type: string, enum: [A] }`;
  const newer = `required: [b]
properties:
  a: { type: string }
  b: { type: string }
  port: { x-kubernetes-int-or-string: true }
  list: { type: array, items: { type: integer } }
  mode: { type: string, enum: [B, C] }
  free: { type: string, enum: [X, Y] }
  fixed: { type: string }`;
  expect(specs(older, newer)).toEqual(
    [
      'changed field spec.a: no longer required',
      'changed field spec.b: now required',
      'changed field spec.fixed: any value, was one of A',
      'changed field spec.free: now one of X, Y',
      'changed field spec.list: list of string became list of integer',
      'changed field spec.mode: added value C',
      'changed field spec.mode: removed value A',
      'changed field spec.port: integer became integer or string',
    ].map((line) => `example.com/Thing: ${line}`),
  );
});

test('scope; and nothing', () => {
  expect(diff(crd({ kind: 'Thing' }), crd({ kind: 'Thing', scope: 'Cluster' }))).toEqual([
    'example.com/Thing: now cluster-scoped',
  ]);
  expect(diff(crd({ kind: 'Thing' }), crd({ kind: 'Thing' }))).toEqual(['no difference in kinds, versions and fields']);
});

describe('readCrds', () => {
  const dir = mkdtempSync(join(tmpdir(), 'crds-'));
  mkdirSync(join(dir, 'twice'));
  const write = (file: string, text: string): void => writeFileSync(join(dir, file), text);

  test('a file, or the YAML files of a folder', () => {
    write('a.yaml', crd({ kind: 'A' }));
    write('b.yaml', crd({ kind: 'B' }));
    write('README.md', '# no CRD');
    expect(readCrds(join(dir, 'a.yaml')).map((c) => c.kind)).toEqual(['A']);
    expect(readCrds(dir).map((c) => c.kind)).toEqual(['A', 'B']);
  });

  test('a kind that is there twice', () => {
    write('twice/old.yaml', crd({ kind: 'A' }));
    write('twice/new.yaml', crd({ kind: 'A' }));
    expect(() => readCrds(join(dir, 'twice'))).toThrow(
      /old\.yaml: kind example\.com\/A is also in .*new\.yaml; name one of the files$/,
    );
  });

  test('a path that is not there', () => {
    expect(() => readCrds(join(dir, 'nothing'))).toThrow(/nothing: no such file or folder$/);
  });
});
