import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sourcesOf, writeMounts } from '../../../testbed/kubernetes/volumes';

describe('writeMounts', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'volumes-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (files: Record<string, string>) =>
    writeMounts(root, {
      directories: new Map([
        ['/etc/certs', new Map(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]))],
      ]),
      files: new Map(),
    });
  const directory = () => path.join(root, 'etc', 'certs');
  const read = (name: string) => readFileSync(path.join(directory(), name), 'utf8');

  it('exchanges all files of a volume in one step, through the link ..data', () => {
    // GIVEN
    write({ 'tls.crt': 'old', 'tls.key': 'old key' });
    const before = readlinkSync(path.join(directory(), '..data'));

    // WHEN
    write({ 'tls.crt': 'new', 'tls.key': 'new key' });

    // THEN
    expect([read('tls.crt'), read('tls.key')]).toEqual(['new', 'new key']);
    expect(readlinkSync(path.join(directory(), 'tls.crt'))).toBe('..data/tls.crt');
    expect(readlinkSync(path.join(directory(), '..data'))).not.toBe(before);
    expect(readdirSync(directory()).sort()).toEqual(['..data', '..version-1', 'tls.crt', 'tls.key']);
  });

  it('removes what a source no longer has, and knows directories', () => {
    write({ 'a/one': '1', 'a/two': '2', b: '3' });
    expect(read('a/two')).toBe('2');
    write({ 'a/one': '1' });
    expect(readdirSync(directory()).sort()).toEqual(['..data', '..version-1', 'a']);
    expect(readdirSync(path.join(directory(), 'a'))).toEqual(['one']);
  });

  it('writes a single file where a subPath is mounted', () => {
    mkdirSync(path.join(root, 'etc'));
    writeMounts(root, { directories: new Map(), files: new Map([['/etc/app.conf', Buffer.from('x')]]) });
    expect(readFileSync(path.join(root, 'etc', 'app.conf'), 'utf8')).toBe('x');
  });
});

describe('sourcesOf', () => {
  it('finds Secrets and ConfigMaps of all kinds of volumes', () => {
    const sources = sourcesOf([
      { name: 'a', secret: { secretName: 's' } },
      { name: 'b', configMap: { name: 'c' } },
      { name: 'c', projected: { sources: [{ secret: { name: 'p' } }, { configMap: { name: 'q' } }, {}] } },
      { name: 'd', downwardAPI: {} },
    ]);
    expect([...sources]).toEqual(['secrets/s', 'configmaps/c', 'secrets/p', 'configmaps/q']);
  });
});
