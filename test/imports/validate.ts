import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { bundles, kinds, type StructuralSchema, schema } from '../../imports/schema';

type JsonSchema = Record<string, unknown>;

/**
 * Checks objects against the CRDs of a platform, stricter than the API server does by default: unknown fields are refused.
 * CEL rules are not evaluated.
 *
 * @param platformBundles names of `bundles()`; the first that serves a kind is taken.
 * @returns a function from an object to its problems, a line each. An object of a group that no bundle knows (`apps`) has
 * none; of a known group, a kind or version that the platform does not serve is a problem.
 */
export function validator(platformBundles: readonly string[]): (manifest: unknown) => string[] {
  const unknown = platformBundles.find((bundle) => !bundles().includes(bundle));
  if (unknown !== undefined) throw new Error(`bundle ${unknown} is not one of ${bundles().join(', ')}`);
  const known = new Set(bundles().flatMap((bundle) => kinds(bundle).map((served) => groupOf(served.apiVersion))));
  const compiled = new Map<string, ValidateFunction>();
  const ajv = createAjv();

  return (manifest) => {
    const { apiVersion, kind, metadata } = manifest as Manifest;
    if (!known.has(groupOf(apiVersion))) return [];
    const name = [metadata?.namespace, metadata?.name].filter((part) => part !== undefined).join('/');
    const found = platformBundles.map((bundle) => schema(bundle, apiVersion, kind)).find((s) => s !== undefined);
    if (found === undefined) return [`${kind} ${name}: ${apiVersion} ${kind} is not in ${platformBundles.join(', ')}`];
    const validate = compiled.get(`${apiVersion} ${kind}`) ?? ajv.compile(objectSchema(found.schema));
    compiled.set(`${apiVersion} ${kind}`, validate);
    validate(manifest);
    return (validate.errors ?? []).filter(isOwnError).map((error) => `${kind} ${name}: ${explain(error)}`);
  };
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : '';
}

function createAjv(): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    // CRDs state types once and constrain them in anyOf and oneOf branches without repeating them.
    strictTypes: false,
    strictRequired: false,
    // RE2 patterns escape characters that the `u` flag forbids to escape.
    unicodeRegExp: false,
  });
  addFormats(ajv);
  ajv.addKeyword({
    keyword: 'listMapKeys',
    type: 'array',
    validate: (keys: string[], items: Record<string, unknown>[]) => {
      const ids = items.map((item) => JSON.stringify(keys.map((key) => item[key] ?? null)));
      return new Set(ids).size === ids.length;
    },
  });
  return ajv;
}

/** A CRD says nothing of what every object has. */
function objectSchema(structural: StructuralSchema): JsonSchema {
  const metadata: StructuralSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const common = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata } as const;
  return toJsonSchema({ ...structural, properties: { ...structural.properties, ...common } });
}

/** JSON schema of a structural schema; where fields are structural, unknown ones are refused. */
export function toJsonSchema(structural: StructuralSchema): JsonSchema {
  const { type, nullable, properties, additionalProperties, items, enum: values, ...rest } = structural;
  const json: JsonSchema = {};
  for (const [keyword, value] of Object.entries(rest)) {
    if (!keyword.startsWith('x-kubernetes-') && keyword !== 'default') json[keyword] = value;
  }
  const types = structural['x-kubernetes-int-or-string'] ? ['integer', 'string'] : type === undefined ? [] : [type];
  if (types.length > 0) json.type = nullable ? [...types, 'null'] : types;
  if (values !== undefined) json.enum = nullable ? [...values, null] : values;
  if (items !== undefined) json.items = toJsonSchema(items);
  if (properties !== undefined) {
    json.properties = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, toJsonSchema(field)]),
    );
  }
  if (typeof additionalProperties === 'object') json.additionalProperties = toJsonSchema(additionalProperties);
  else if (type === 'object' && !structural['x-kubernetes-preserve-unknown-fields']) {
    json.additionalProperties = additionalProperties === true;
  }
  if (structural['x-kubernetes-list-type'] === 'set') json.uniqueItems = true;
  if (structural['x-kubernetes-list-map-keys']) json.listMapKeys = structural['x-kubernetes-list-map-keys'];
  return json;
}

/** Errors inside `oneOf`, `anyOf` and `not` repeat what the error about the whole says. */
function isOwnError(error: ErrorObject): boolean {
  return !/\/(oneOf|anyOf|allOf)\/\d+\/|\/not\//.test(error.schemaPath);
}

function explain(error: ErrorObject): string {
  const place = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`), '');
  const below = (field: string): string => (place === '' ? field : `${place}.${field}`);
  switch (error.keyword) {
    case 'additionalProperties':
      return `${below(error.params.additionalProperty)}: unknown field`;
    case 'required':
      return `${below(error.params.missingProperty)}: is required`;
    case 'enum':
      return `${place}: is ${JSON.stringify(error.data)}, must be one of ${(error.schema as unknown[]).join(', ')}`;
    case 'type':
      return `${place}: is ${JSON.stringify(error.data)}, must be ${[error.schema].flat().join(' or ')}`;
    case 'oneOf':
      return `${place}: sets ${Object.keys(error.data as object).join(', ')}, may set only one of ${alternatives(error)}`;
    case 'listMapKeys':
      return `${place}: two items have the same ${(error.schema as string[]).join(', ')}`;
    default:
      return `${place}: is ${JSON.stringify(error.data)}, ${error.message}`;
  }
}

function alternatives(error: ErrorObject): string {
  const branches = error.schema as readonly StructuralSchema[];
  return branches.flatMap((branch) => branch.required ?? []).join(', ');
}
