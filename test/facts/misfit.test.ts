import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import { misfitOf, Shape } from '../../lib/facts/misfit';

const FOLDER = join(__dirname, '../../schema');
const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';
const DRAFT_2020 = 'https://json-schema.org/draft/2020-12/schema';

const fields = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: { type: 'string' }, ports: { type: 'array', items: { $ref: '#/definitions/port' } } },
  definitions: { port: { type: 'object', required: ['number'], properties: { number: { type: 'integer' } } } },
};

test.each(readdirSync(FOLDER))('%s is a schema of the draft that it names', (name) => {
  const schema = JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
  const Version = schema.$schema === DRAFT_2020 ? Ajv2020 : Ajv;
  expect([DRAFT_7, DRAFT_2020]).toContain(schema.$schema);
  const ajv = new Version();
  ajv.validateSchema(schema);
  expect(ajv.errors ?? []).toEqual([]);
});

describe.each([DRAFT_7, DRAFT_2020])('a document beside a schema of %s', ($schema) => {
  const schema = { $schema, ...fields };

  test.each([
    [{ name: 'a', ports: [{ number: 1 }] }, undefined],
    [{}, "field 'name' is missing"],
    [{ name: 'a', nmae: 'b' }, "field 'nmae' is unknown"],
    [{ name: 1 }, "field 'name' must be string"],
    [{ name: 'a', ports: [{ number: 1 }, {}] }, "field 'ports[1].number' is missing"],
    [{ name: 'a', ports: [{ number: 'x' }] }, "field 'ports[0].number' must be integer"],
    [[], 'the document must be object'],
    [null, 'the document must be object'],
  ])('%j: %s', (document, misfit) => {
    expect(misfitOf(schema, document)).toBe(misfit);
  });

  test('is judged by itself, whatever was read before it', () => {
    let loaded = 0;
    const shape = new Shape(() => {
      loaded++;
      return schema;
    });
    expect(shape.misfitOf({})).toBe("field 'name' is missing");
    expect(shape.misfitOf({ name: 'a' })).toBeUndefined();
    expect(shape.misfitOf({ name: 1 })).toBe("field 'name' must be string");
    expect(loaded).toBe(1);
  });
});
