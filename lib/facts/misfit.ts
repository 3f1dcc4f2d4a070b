import type { ErrorObject, ValidateFunction } from 'ajv';

/** A JSON schema, of draft 7 or 2020-12, as its `$schema` says. */
export interface JsonSchema {
  readonly $schema?: string;
}

/** How documents of one kind look. What checks them is made once, however many are read. */
export class Shape {
  private validate?: ValidateFunction;

  /** @param schema loads the schema, where there is a document to read. */
  constructor(private readonly schema: () => JsonSchema) {}

  /** The first field of a document that is not as the schema says, if any. */
  public misfitOf(document: unknown): string | undefined {
    this.validate ??= compiled(this.schema());
    if (this.validate(document)) return undefined;
    const [error] = this.validate.errors as [ErrorObject, ...ErrorObject[]];
    return describe(error);
  }
}

/**
 * The first field of a document that is not as its JSON schema says, if any.
 *
 * @param schema of draft 7 or 2020-12, as its `$schema` says.
 */
export function misfitOf(schema: JsonSchema, document: unknown): string | undefined {
  return new Shape(() => schema).misfitOf(document);
}

function compiled(schema: JsonSchema): ValidateFunction {
  // the validator is as large as everything else: it is loaded where there is something to validate
  const Version = schema.$schema?.includes('2020-12')
    ? (require('ajv/dist/2020') as typeof import('ajv/dist/2020')).default
    : (require('ajv') as typeof import('ajv')).default;
  // the schemas are ours and are checked by a test: to do it here, and to optimize what V8 does, takes longer than to read
  const trusted = { validateSchema: false, meta: false, code: { optimize: false }, inlineRefs: false };
  return new Version({ allErrors: false, strict: false, ...trusted }).compile(schema);
}

function describe({ instancePath, message, params }: ErrorObject): string {
  const path = instancePath
    .split('/')
    .slice(1)
    .reduce((field, key) => (/^\d+$/.test(key) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`), '');
  const { missingProperty, additionalProperty } = params as { missingProperty?: string; additionalProperty?: string };
  const field = [path, missingProperty ?? additionalProperty]
    .filter((part) => part !== undefined && part !== '')
    .join('.');
  if (missingProperty !== undefined) return `field '${field}' is missing`;
  if (additionalProperty !== undefined) return `field '${field}' is unknown`;
  return `${field === '' ? 'the document' : `field '${field}'`} ${message}`;
}
