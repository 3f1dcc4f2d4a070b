import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import * as jsYaml from 'js-yaml';
import * as yaml from 'yaml';
import { toYaml } from '../../lib/synth/yaml';
import { nastyString } from './nasty';

const construct = new Chart(new App(), 'chart');

function write(...manifests: object[]): string {
  return toYaml(manifests.map((manifest) => ({ construct, manifest: manifest as never })));
}

/** Any JSON, with nasty strings as keys and values. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    nastyString,
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(nastyString, tie('value'), { maxKeys: 4 }),
})).object as fc.Arbitrary<Record<string, unknown>>;

describe('YAML text', () => {
  const READERS: [string, (text: string) => unknown[]][] = [
    [
      'yaml, version 1.1',
      (text) => yaml.parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS()),
    ],
    [
      'yaml, version 1.2',
      (text) => yaml.parseAllDocuments(text, { version: '1.2' }).map((document) => document.toJS()),
    ],
    [
      'yaml, JSON schema off, YAML 1.2 core',
      (text) => yaml.parseAllDocuments(text, { schema: 'core' }).map((document) => document.toJS()),
    ],
    ['js-yaml', (text) => jsYaml.loadAll(text)],
  ];

  test.each(READERS)('reads back as the same objects with %s', (_, read) => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), (manifests) => {
        expect(read(write(...manifests))).toEqual(manifests);
      }),
      { numRuns: 3000 },
    );
  });
});
