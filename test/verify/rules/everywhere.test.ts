import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetDocument } from '../../../lib/facts/fleet';
import { readManifests } from '../../../lib/facts/read-manifests';
import type { VerifyInput } from '../../../lib/verify/input';
import { findings } from '../../../lib/verify/rule';
import { RULES } from '../../../lib/verify/rules';
import { scenarios } from '../../../scenarios';
import { goldens } from '../../../tools/oracle/golden';

/** What scenarios mean: clear text, more than one root, tokens beside exposures that ask for none. */
const MEANT = new Set(['MESH3001', 'MESH3004', 'MESH3011', 'MESH3021', 'MESH3111']);

const NO_FACTS: FleetDocument = { version: 1, clusters: [], meshes: [], peerings: [], secrets: [] };

/** Files that a cluster reads: the index beside them is none. */
const yamlIn = (folder: string) => readdirSync(folder).filter((file) => file.endsWith('.yaml'));

/** A folder of dist/, as a reader of the files sees it. */
function written(scenario: string): VerifyInput {
  const folder = join('dist', scenario);
  const facts: FleetDocument = JSON.parse(readFileSync(join(folder, 'fleet.json'), 'utf8'));
  const manifests = facts.clusters
    .filter(({ name }) => existsSync(join(folder, name)))
    .flatMap(({ name: cluster }) =>
      yamlIn(join(folder, cluster)).flatMap((file) =>
        readManifests(readFileSync(join(folder, cluster, file), 'utf8'), file).map(({ manifest }) => ({
          ...{ cluster, file, chart: file, path: `${file}/${manifest.metadata.name}`, manifest },
        })),
      ),
    );
  return { manifests, facts, included: [] };
}

const codesIn = (input: VerifyInput) => [
  ...new Set(RULES.flatMap((rule) => findings(rule, input)).map(({ code, message }) => `${code} ${message}`)),
];

test.each(Object.keys(scenarios))('no rule is broken by %s', (scenario) => {
  const found = codesIn(written(scenario));
  expect(found.filter((one) => !MEANT.has(one.split(' ')[0]))).toEqual([]);
});

test.each(goldens().map((golden) => [golden.name, golden] as const))(
  'no rule is broken by the golden %s',
  (_, golden) => {
    // hand-written YAML, of which no facts are known but where control planes are
    const included = golden.resources.map(({ cluster, manifest, source }) => ({
      ...{ cluster, file: source?.file ?? '', manifest },
    }));
    expect(codesIn({ manifests: [], included, facts: NO_FACTS })).toEqual([]);
  },
);
