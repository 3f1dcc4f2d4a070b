import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundles, definitions, type KindDefinition, type KindSchema, schema } from '../../imports/schema';
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

/** Objects per schema, beyond those about rules; others are left out, evenly. Of a version whose schema was tried, fewer. */
const MAX_OBJECTS = 1200;
const MAX_OBJECTS_AGAIN = 50;
/** Requests under way at one API server. */
const PARALLEL = 8;

/** Rules about a change of an object, and those that hold always. */
const UNBREAKABLE = [/\boldSelf\b/, /^\(has\(self\.\w+\)\?1:0\) <= 1$/];

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
        admitted += await compare(bed, definition, found, tried.has(found) ? MAX_OBJECTS_AGAIN : undefined);
        tried.add(found);
      }
      if (admitted === 0) throw new Error('no object was admitted: nothing was compared');
    },
  };
}

/**
 * Throws on the first difference, and when no object breaks one of the rules; gives how many objects both have admitted.
 *
 * @param again how many objects are enough, for a schema that was tried already
 */
async function compare(
  bed: Bed,
  { apiVersion, kind, plural, namespaced }: KindDefinition,
  { schema: whole, rules }: KindSchema,
  again: number | undefined,
): Promise<number> {
  // the status is the controller's
  const { status: _, ...properties } = whole.properties ?? {};
  const samples = samplesOf({ schema: { ...whole, properties }, rules });
  const chosen = [
    ...samples.filter(({ ruled }) => ruled && again === undefined),
    ...spread(
      samples.filter(({ ruled }) => !ruled),
      again ?? MAX_OBJECTS,
    ),
  ];
  const broken = new Set<string>();
  const target = `/apis/${apiVersion}${namespaced ? '/namespaces/default' : ''}/${plural}?dryRun=All&fieldValidation=Strict`;
  const [original, made] = ['original', 'made'].map((name) => bed.cluster(name).kube);
  let admitted = 0;
  const queue = chosen.entries();
  const work = async () => {
    for (const [, { what, value }] of queue) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
      const object = { ...value, apiVersion, kind, metadata: { name: 'sample' } };
      const [wanted, got] = await Promise.all([verdict(original, target, object), verdict(made, target, object)]);
      if (wanted.said !== got.said) {
        throw new Error(
          `${apiVersion} ${kind}: ${what}: the original says ${wanted.said}, that of imports/schema/ ${got.said}`,
        );
      }
      if (wanted.complaint === undefined) admitted += 1;
      for (const { message = '' } of rules) if (wanted.complaint?.includes(message)) broken.add(message);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
  const breakable = rules.filter(({ rule }) => !UNBREAKABLE.some((pattern) => pattern.test(rule)));
  const unbroken = breakable.find(({ message }) => message && !broken.has(message));
  if (again === undefined && unbroken !== undefined) {
    throw new Error(`${apiVersion} ${kind}: no object breaks the rule of ${unbroken.path}: ${unbroken.rule}`);
  }
  return admitted;
}

interface Verdict {
  /** All of it, as text; the order of complaints does not count. */
  said: string;
  /** Undefined when the object is admitted. */
  complaint?: string;
}

/** What a server says of an object, with what it fills in. */
async function verdict(kube: Kube, target: string, object: object): Promise<Verdict> {
  try {
    const { metadata: _, ...rest } = await kube.post<{ metadata: object }>(target, object);
    return { said: `admitted ${JSON.stringify(rest)}` };
  } catch (error) {
    if (!(error instanceof KubeError) || error.status >= 500) throw error;
    const parts = error.message.replace(/^.*? is invalid: /, '').replace(/[[\]]/g, '');
    const said = `refused ${error.status} ${parts.split(', ').sort().join(', ')}`;
    return { said, complaint: error.message };
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
