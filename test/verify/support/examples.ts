import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FleetDocument } from '../../../lib/facts/fleet';
import { readManifests } from '../../../lib/facts/read-manifests';
import type { VerifyInput } from '../../../lib/verify/input';

/** Nothing is known. */
export const FACTS: FleetDocument = { version: 1, clusters: [], meshes: [], peerings: [], secrets: [] };

const RULES = join(__dirname, '..', 'rules');

function objectsBelow(folder: string) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'included')
    .flatMap(({ name: cluster }) =>
      readdirSync(join(folder, cluster)).flatMap((file) =>
        readManifests(readFileSync(join(folder, cluster, file), 'utf8'), file).map(({ manifest }) => ({
          cluster,
          file,
          chart: file,
          path: `${file}/${manifest.kind}`,
          manifest,
        })),
      ),
    );
}

/** What is wrong, or right, by a rule: the folder of its name. */
export function example(rule: string, which: 'wrong' | 'right'): VerifyInput {
  const folder = join(RULES, rule, which);
  const facts = join(folder, 'fleet.json');
  return {
    manifests: objectsBelow(folder),
    facts: { ...FACTS, ...(existsSync(facts) && JSON.parse(readFileSync(facts, 'utf8'))) },
    included: objectsBelow(join(folder, 'included')),
  };
}
