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
  const names = new Map<string, string>();
  const taken = new Set<string>(specs.keys());
  const assign = (shape: Shape, name: string): void => {
    if (taken.has(name))
      throw new Error(`type ${name}, given for ${shape.places[0]}, is taken by another schema or a kind`);
    taken.add(name);
    for (const place of shape.places) names.set(place, name);
  };

  const places = new Set(shapes.flatMap((shape) => shape.places));
  for (const place of Object.keys(given))
    if (!places.has(place)) throw new Error(`a name is given for ${place}, which no schema has`);

  const unnamed: Shape[] = [];
  for (const shape of shapes) {
    const place = shape.places.find((p) => given[p] !== undefined);
    if (place !== undefined) assign(shape, given[place] as string);
    else unnamed.push(shape);
  }
  for (const shape of unnamed) {
    const name = KUBERNETES_NAMES.get(
      Object.keys(shape.schema.properties ?? {})
        .sort()
        .join(' '),
    );
    if (name !== undefined && !taken.has(name)) assign(shape, name);
  }
  const rest = unnamed.filter((shape) => !names.has(shape.places[0] as string));
  rest.forEach((shape, i) => {
    const others = rest.filter((_, j) => j > i);
    const name = candidates(shape).find(
      (c) => !taken.has(c) && !RESERVED.has(c) && !others.some((other) => candidates(other)[0] === c),
    );
    assign(shape, name ?? (candidates(shape).at(-1) as string));
  });
  return { name: (kind, path) => names.get(placeOf(kind, path)), doc: () => undefined, fieldDoc: () => undefined };
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
