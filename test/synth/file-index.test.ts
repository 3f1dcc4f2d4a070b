import { sha256 } from '../../lib/facts/sha256';
import { formatIndex, isInside, parseIndex } from '../../lib/synth/file-index';

describe('file index', () => {
  test('reads what it writes, sorted by path', () => {
    const digests = new Map([
      ['c1/b.k8s.yaml', sha256('b')],
      ['a.k8s.yaml', sha256('a')],
    ]);
    const text = formatIndex({ digests });
    expect(text).toBe(
      [
        '# Files written by cdk8s-multimesh, and their digests (sha256sum -c fleet.index). Do not edit.',
        'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a.k8s.yaml',
        '3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  c1/b.k8s.yaml',
        '',
      ].join('\n'),
    );
    expect(parseIndex(text, 'dist/fleet.index')).toEqual({ digests, folders: [] });
  });

  test('names folders that have one of their own; what leads out of the directory is none', () => {
    const text = formatIndex({ digests: new Map(), folders: ['c2', 'c1'], program: 'shop' });
    expect(parseIndex(text, '')).toEqual({ digests: new Map(), folders: ['c1', 'c2'], program: 'shop' });
    expect(parseIndex(text.replace('own: c1', 'own: ../c1').replace('own: c2', 'own: '), '').folders).toEqual([]);
  });

  test.each([
    ['<<<<<<< HEAD'],
    [`${'0'.repeat(64)} c1/one-space.yaml`],
    [`${'0'.repeat(64)}  ../outside.yaml`],
    [`${'0'.repeat(64)}  /etc/passwd`],
    [`${'0'.repeat(64)}  c1/./a.yaml`],
    [`${'0'.repeat(64)}  C:/a.yaml`],
    [`${'0'.repeat(64)}  c1\\..\\..\\a.yaml`],
  ])('the line %s is an error', (line) => {
    expect(() => parseIndex(`# head\n${line}\n`, 'dist/fleet.index')).toThrow(
      `MESH2007 dist/fleet.index:2: '${line}' is no entry of the index, expected '<sha256>  <path below the output directory>'; restore the file from git, or delete the output directory, and synthesize again`,
    );
  });

  test('isInside', () => {
    expect(['a', 'a/b.c', '..a', 'a b'].map(isInside)).toEqual([true, true, true, true]);
    expect(['', '/a', 'a/', 'a//b', '.', '..', 'a/..', 'a\nb', 'a\\b'].map(isInside)).toEqual(Array(9).fill(false));
  });
});
