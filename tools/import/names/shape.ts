import { compareText } from '../crd';
import { type Schema, shapeOf, visit } from '../schema';
import { KUBERNETES_NAMES } from './kubernetes';
import type { Naming } from './naming';

/** Names given by hand, as the project's API reference spells them: `<Kind>.<path>` to a name. */
export type GivenNames = Readonly<Record<string, string>>;

interface Shape {
  readonly schema: Schema;
  /** Places with this shape, as `<Kind>.<path>`, in the order of the walk. */
  readonly places: string[];
}

/** Names that TypeScript or JavaScript code would read as something else. */
const RESERVED = new Set([
  'Array',
  'Date',
  'Error',
  'Function',
  'Map',
  'Number',
  'Object',
  'Proxy',
  'Record',
  'Set',
  'String',
  'Symbol',
]);

/**
 * Names the messages of kinds for which no .proto files exist: equal schemas are one type. Its name is the given one; or
 * Kubernetes' own for types that Kubernetes defines; or that of the field that holds it, with the names of fields around
 * it in front until nothing else is called so.
 *
 * @throws if a given name is at no place, or two different schemas have the same given name.
 */
export function shapeNaming(specs: ReadonlyMap<string, Schema>, given: GivenNames): Naming {
  const shapes = collectShapes(specs);
  const places = new Set(shapes.flatMap((shape) => shape.places));
  const missing = Object.keys(given).find((place) => !places.has(place));
  if (missing !== undefined) throw new Error(`a name is given for ${missing}, which no schema has`);

  const names = new Map<string, string>();
  const owners = new Map<string, Shape | 'kind'>([...specs.keys()].map((kind) => [kind, 'kind']));
  const isFree = (name: string, shape: Shape): boolean => (owners.get(name) ?? shape) === shape;
  const assign = (shape: Shape, name: string, place: string): void => {
    if (!isFree(name, shape)) throw new Error(`type ${name}, given for ${place}, is taken by another schema or a kind`);
    owners.set(name, shape);
    names.set(place, name);
  };

  for (const shape of shapes) {
    for (const place of shape.places) if (given[place] !== undefined) assign(shape, given[place], place);
  }
  for (const shape of shapes) {
    const ofKubernetes = kubernetesName(shape.schema);
    const first = shape.places.map((place) => given[place]).find((name) => name !== undefined);
    const name = ofKubernetes !== undefined && isFree(ofKubernetes, shape) ? ofKubernetes : first;
    if (name === undefined) continue;
    for (const place of shape.places) if (!names.has(place)) assign(shape, name, place);
  }
  const rest = shapes.filter((shape) => !names.has(shape.places[0] as string));
  const wanted = (name: string): Shape[] => rest.filter((shape) => candidates(shape)[0] === name);
  for (const shape of rest) {
    const fits = (name: string): boolean =>
      !owners.has(name) && !RESERVED.has(name) && wanted(name).every((s) => s === shape);
    const name = candidates(shape).find(fits) ?? (candidates(shape).at(-1) as string);
    for (const place of shape.places) assign(shape, name, place);
  }
  return { name: (kind, path) => names.get(placeOf(kind, path)), doc: () => undefined, fieldDoc: () => undefined };
}

function kubernetesName(schema: Schema): string | undefined {
  return KUBERNETES_NAMES.get(
    Object.keys(schema.properties ?? {})
      .sort()
      .join(' '),
  );
}

/** The different object schemas of the specs, in the order of the walk. */
function collectShapes(specs: ReadonlyMap<string, Schema>): Shape[] {
  const shapes = new Map<string, Shape>();
  for (const kind of [...specs.keys()].sort(compareText)) {
    visit(specs.get(kind) as Schema, '', (schema, path) => {
      if (schema.properties === undefined) return;
      const key = shapeOf(schema);
      const shape = shapes.get(key) ?? { schema, places: [] };
      shape.places.push(placeOf(kind, path));
      shapes.set(key, shape);
    });
  }
  return [...shapes.values()];
}

function placeOf(kind: string, path: string): string {
  return path === '' ? kind : `${kind}.${path}`;
}

/** `Kiali.install.service` gives Service, InstallService, KialiInstallService. */
function candidates(shape: Shape): string[] {
  const [kind, ...fields] = (shape.places[0] as string).split('.') as [string, ...string[]];
  if (fields.length === 0) return [`${kind}Spec`];
  const words = [kind, ...fields.map(typeWord)];
  return words.map((_, i) => words.slice(words.length - 1 - i).join(''));
}

/** `proxy_init` gives ProxyInit, `rules[]` gives Rule, `3scale` gives ThreeScale. */
function typeWord(field: string): string {
  const repeated = /(\[\]|\{\})$/.test(field);
  const name = field.replace(/(\[\]|\{\})+$/, '').replace(/^3/, 'three-');
  const word = name
    .split(/[^A-Za-z0-9]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
  return repeated ? singular(word) : word;
}

function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}
