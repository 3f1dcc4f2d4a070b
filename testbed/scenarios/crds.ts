import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  bundles,
  definitions,
  type KindDefinition,
  type KindSchema,
  type StructuralSchema,
  schema,
} from '../../imports/schema';
import { SOURCES } from '../../tools/import/input';
import type { Bed } from '../bed/bed';
import type { Scenario } from '../bed/scenario';
import type { CrdSource } from '../kubernetes/crds';
import { type Kube, KubeError } from '../kubernetes/kube';
import { samplesOf, spread } from '../kubernetes/samples';

/**
 * CustomResourceDefinitions made from `imports/schema/` against the originals: two API servers, one with each, say the same
 * of the same objects. `TESTBED_CRDS` names the folder of the originals, which `npm run import -- --fetch` fills.
 */
const { TESTBED_CRDS: FOLDER } = process.env;

/** Objects per schema, beyond which some are left out, evenly; fewer of a version that shares a schema that was tried. */
const MAX_OBJECTS = 1200;
const MAX_OBJECTS_AGAIN = 50;
/** Requests under way at one API server. */
const PARALLEL = 8;

const filesOf = (bundle: string) => SOURCES.filter((source) => source.bundle === bundle).map(({ file }) => file);

/** Files of a bundle that are not at hand; undefined when all are. */
function lacking(bundle: string): string | undefined {
  const fetch = 'npm run import -- --fetch';
  if (!FOLDER) return `TESTBED_CRDS names no folder with ${filesOf(bundle).join(', ')} (${fetch})`;
  const missing = filesOf(bundle).filter((file) => !existsSync(path.join(FOLDER, file)));
  return missing.length === 0 ? undefined : `${FOLDER} lacks ${missing.join(', ')} (${fetch})`;
}

function comparison(bundle: string): Scenario {
  const originals = filesOf(bundle).map((file) => ({ file: path.resolve(FOLDER ?? '', file) }));
  return {
    name: `crds/${bundle}`,
    clusters: {
      original: { controlPlane: false, crds: originals },
      made: { controlPlane: false, crds: [bundle as CrdSource] },
    },
    test: async (bed) => {
      let admitted = 0;
      const tried = new Set<KindSchema>();
      for (const definition of definitions(bundle)) {
        const found = schema(bundle, definition.apiVersion, definition.kind);
        if (found === undefined) throw new Error(`${bundle}: no schema of ${definition.apiVersion} ${definition.kind}`);
        admitted += await compare(bed, definition, found.schema, tried.has(found) ? MAX_OBJECTS_AGAIN : MAX_OBJECTS);
        tried.add(found);
      }
      if (admitted === 0) throw new Error('no object was admitted: nothing was compared');
    },
  };
}

/** Throws on the first difference; gives how many objects both servers have admitted. */
async function compare(
  bed: Bed,
  { apiVersion, kind, plural, namespaced }: KindDefinition,
  whole: StructuralSchema,
  most: number,
): Promise<number> {
  // the status is the controller's
  const { status: _, ...properties } = whole.properties ?? {};
  const samples = spread(samplesOf({ ...whole, properties }), most);
  const target = `/apis/${apiVersion}${namespaced ? '/namespaces/default' : ''}/${plural}?dryRun=All&fieldValidation=Strict`;
  const [original, made] = ['original', 'made'].map((name) => bed.cluster(name).kube);
  let admitted = 0;
  const queue = samples.entries();
  const work = async () => {
    for (const [, { what, value }] of queue) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      const object = { ...value, apiVersion, kind, metadata: { name: 'sample' } };
      const [wanted, got] = await Promise.all([verdict(original, target, object), verdict(made, target, object)]);
      if (wanted !== got) {
        throw new Error(`${apiVersion} ${kind}: ${what}: the original says ${wanted}, that of imports/schema/ ${got}`);
      }
      if (wanted.startsWith('admitted')) admitted += 1;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  return admitted;
}

/** What a server says of an object, with what it fills in; the order of complaints does not count. */
async function verdict(kube: Kube, target: string, object: object): Promise<string> {
  try {
    const { metadata: _, ...rest } = await kube.post<{ metadata: object }>(target, object);
    return `admitted ${JSON.stringify(rest)}`;
  } catch (error) {
    if (!(error instanceof KubeError) || error.status >= 500) throw error;
    const complaints = error.message.replace(/^.*? is invalid: /, '').replace(/[[\]]/g, '');
    return `refused ${error.status} ${complaints.split(', ').sort().join(', ')}`;
  }
}

/** Bundles whose originals are not at hand. */
export const notRun = bundles().flatMap((bundle) => {
  const why = lacking(bundle);
  return why === undefined ? [] : [{ name: `crds/${bundle}`, why }];
});

export default bundles()
  .filter((bundle) => lacking(bundle) === undefined)
  .map(comparison);
