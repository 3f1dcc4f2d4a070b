import type { ErrorObject } from 'ajv';

/**
 * The first field of a document that is not as its JSON schema says, if any.
 *
 * @param schema of draft 7 or 2020-12, as its `$schema` says.
 */
export function misfitOf(schema: { readonly $schema?: string }, document: unknown): string | undefined {
  // the validator is as large as everything else: it is loaded where there is something to validate
  const Version = schema.$schema?.includes('2020-12')
    ? (require('ajv/dist/2020') as typeof import('ajv/dist/2020')).default
    : (require('ajv') as typeof import('ajv')).default;
  const validate = new Version({ allErrors: false, strict: false }).compile(schema);
  if (validate(document)) return undefined;
  const [{ instancePath, message, params }] = validate.errors as [ErrorObject, ...ErrorObject[]];
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
