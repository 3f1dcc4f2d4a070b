import { checkFileName, checkOutputPath, refuseOutputsInTheWay } from '../../lib/synth/output-path';

describe('checkFileName', () => {
  test.each(['a', '0-production', 'production.premium.consumer'])('%s is fine', (name) => {
    expect(checkFileName(name, 'chart')).toBe(name);
  });

  test.each(['', 'a/b', '../a', 'Upper', 'a b', '.hidden', 'end.', 'a_b', 'x'.repeat(201)])(
    '%j is an error',
    (name) => {
      expect(() => checkFileName(name, 'c1/chart')).toThrow(
        `MESH2004 c1/chart: file name '${name}' is malformed; expected at most 200 lower case letters, digits, '-' and '.', beginning and ending with a letter or digit`,
      );
    },
  );
});

describe('checkOutputPath', () => {
  test('stays below the output directory', () => {
    expect(checkOutputPath('contracts/premium.json')).toBe('contracts/premium.json');
    expect(() => checkOutputPath('../premium.json')).toThrow(
      "MESH2004 ../premium.json: output path '../premium.json' is malformed; expected a path below the output directory such as 'contracts/premium.json', with '/' and without '..'",
    );
  });
});

describe('refuseOutputsInTheWay', () => {
  const refuse = (...paths: string[]) =>
    refuseOutputsInTheWay(
      paths.map((path) => ({ path })),
      [{ path: 'plain.k8s.yaml' }],
      ['c1', 'contracts'],
    );

  test('outputs beside manifests are fine', () => {
    expect(() => refuse('fleet.json', 'other/a.yaml', 'c1/README.md')).not.toThrow();
  });

  test.each([['plain.k8s.yaml'], ['fleet.index'], ['c1/fleet.index']])('%s is taken', (path) => {
    expect(() => refuse(path)).toThrow(
      `MESH2003 ${path}: the output has the path of another file; give it another one`,
    );
  });

  test('two outputs cannot have one path', () => {
    expect(() => refuse('construct-metadata.json', 'construct-metadata.json')).toThrow(/^MESH2003/);
  });

  test('nothing but manifests of charts is put where it would be applied', () => {
    expect(() => refuse('contracts/premium.json')).toThrow(
      "MESH2003 contracts/premium.json: the output is in the folder of the cluster 'contracts', where it would be applied; give the output another folder, or the cluster another name",
    );
  });
});
