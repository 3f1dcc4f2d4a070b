import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readYaml } from '../../../lib/verify/world/read-facts';

describe('a file with facts', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'read-facts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const read = (text: string): unknown => {
    const file = join(folder, 'facts.json');
    writeFileSync(file, text);
    return readYaml(file);
  };

  test.each<[what: string, text: string]>([
    ['JSON as a synth writes it', '{\n  "a": [\n    1,\n    "x"\n  ]\n}\n'],
    ['JSON on one line', '{"a":[1,"x"]}'],
    ['JSON with a comment, which YAML has', '{"a": [1, x]} # b'],
    ['YAML', 'a:\n- 1\n- x\n'],
  ])('%s is read', (_, text) => {
    expect(read(text)).toEqual({ a: [1, 'x'] });
  });

  test('two fields of one name are refused, as they are in YAML: one of them would be lost', () => {
    expect(() => read('{\n  "a": 1,\n  "a": 2\n}\n')).toThrow('MESH4004');
  });
});
