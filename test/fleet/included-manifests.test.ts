import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ControlPlane, Fleet, Istio, Mesh } from '../../lib';
import { filesOf, mesh, messageOf, synth, temporaryFolder } from '../support/model';

function folder(files: Record<string, string>): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

const service = (name: string, namespace = 'travel') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: ${namespace}}\n`;

function included(glob: string) {
  const fleet = new Fleet();
  const production = mesh(fleet, 'production', {}, 'east');
  production.include(glob);
  return fleet.included.manifests.map(({ cluster, manifest }) => [cluster, manifest.kind, manifest.metadata.name]);
}

describe('what a glob names is read', () => {
  test('a file, several documents, comments and empty documents', () => {
    const root = folder({ 'a.yaml': `# hand-written\n${service('a')}---\n# nothing\n---\n${service('b')}` });
    expect(included(`${root}/a.yaml`)).toEqual([
      ['east', 'Service', 'a'],
      ['east', 'Service', 'b'],
    ]);
  });

  test('files by name, and in folders, in order of their paths', () => {
    const root = folder({
      'b.yaml': service('b'),
      'a.yaml': service('a'),
      'deep/er/c.yaml': service('c'),
      'readme.md': '# no YAML',
    });
    expect(included(`${root}/*.yaml`).map(([, , name]) => name)).toEqual(['a', 'b']);
    expect(included(`${root}/**/*.yaml`).map(([, , name]) => name)).toEqual(['a', 'b', 'c']);
  });

  test('items of a List, and anchors with merge keys', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${service('a').replaceAll('\n', '\n  ').trim()}\n`;
    const anchors = `apiVersion: v1\nkind: Service\nmetadata: &m {namespace: travel}\nx: {<<: *m}\n`;
    const root = folder({ 'list.yaml': list, 'merge.yaml': anchors.replace('&m {', '&m {name: m, ') });
    expect(included(`${root}/list.yaml`)).toEqual([['east', 'Service', 'a']]);
    expect(included(`${root}/merge.yaml`)).toEqual([['east', 'Service', 'm']]);
  });
});

test('it is never written', () => {
  const root = folder({ 'a.yaml': `${service('a')}spec: { ports: [{ port: 80 }] }\n` });
  const files = synth((fleet) => mesh(fleet, 'production', {}, 'east').include(`${root}/a.yaml`));
  expect(Object.keys(files).sort()).toEqual(['fleet.index', 'fleet.json']);
});

describe('what cannot be read is refused', () => {
  test('a path that is not there, a glob that matches nothing', () => {
    expect(messageOf(() => included('/nowhere/a.yaml'))).toMatch(
      /^MESH1107 \/nowhere\/a\.yaml: the file cannot be read \(ENOENT.*\); correct the path$/,
    );
    for (const glob of ['/nowhere/*.yaml', `${folder({ 'a.yml': '' })}/*.yaml`]) {
      expect(messageOf(() => included(glob))).toBe(
        `MESH1107 east/production: '${glob}' matches no file; give a path from the current folder`,
      );
    }
  });

  test('what is no YAML', () => {
    const root = folder({ 'a.yaml': 'a: [1, 2' });
    expect(messageOf(() => included(`${root}/a.yaml`))).toMatch(/^MESH1107 .*\/a\.yaml:1: the file is no YAML: .+/);
  });

  test.each([
    ['just: text', 'a document is no Kubernetes object: apiVersion, kind and metadata.name are missing; it has just'],
    ['- a', 'a document is a list, no Kubernetes object'],
    ['apiVersion: v1\nkind: Service\n', 'a document is no Kubernetes object: metadata.name is missing'],
    ['7', 'a document is 7, no Kubernetes object; expected apiVersion, kind and metadata.name'],
  ])('what is no Kubernetes object: %j', (text, message) => {
    const root = folder({ 'a.yaml': text });
    expect(messageOf(() => included(`${root}/a.yaml`))).toContain(`MESH1107 ${root}/a.yaml:1: ${message}`);
  });

  test('a name that YAML reads as something else', () => {
    const root = folder({ 'a.yaml': 'apiVersion: v1\nkind: Service\nmetadata: {name: 1}' });
    expect(messageOf(() => included(`${root}/a.yaml`))).toContain(
      `MESH1173 ${root}/a.yaml:3: metadata.name is 1, a number to YAML`,
    );
  });
});

describe('an object that the fleet writes, too', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: travel}\n';

  test('is an error, and nothing is written', () => {
    const root = folder({ 'a.yaml': namespace });
    const outdir = temporaryFolder();
    const message = messageOf(() =>
      synth((fleet) => {
        const production = mesh(fleet, 'production', {}, 'east');
        production.namespace('travel', { create: true });
        production.include(`${root}/a.yaml`);
      }, outdir),
    );
    expect(message).toBe(
      [
        'synthesis failed with 1 error, nothing was written',
        `error MESH3003: ${root}/a.yaml holds Namespace travel, which east/production/base chart/Namespace travel writes, too`,
        '    Namespace travel @east  metadata.name',
        '  at run time: the one that is applied last wins',
        '  fix: remove one of them',
      ].join('\n'),
    );
    expect(filesOf(outdir)).toEqual({});
  });

  test('in another cluster is another object', () => {
    const root = folder({ 'a.yaml': namespace });
    const files = synth((fleet) => {
      mesh(fleet, 'production', {}, 'east').namespace('travel', { create: true });
      mesh(fleet, 'test', {}, 'west').include(`${root}/a.yaml`);
    });
    expect(Object.keys(files)).toContain('east/0-production.k8s.yaml');
  });

  test('of another mesh of the cluster is the same object', () => {
    const root = folder({ 'a.yaml': namespace });
    expect(
      messageOf(() =>
        synth((fleet) => {
          const production = mesh(fleet, 'production', {}, 'east');
          production.namespace('travel', { create: true });
          new Mesh(production.cluster, 'other', {
            platform: Istio.v1_31(),
            controlPlane: ControlPlane.existing('other-system', { revision: 'other' }),
          }).include(`${root}/a.yaml`);
        }),
      ),
    ).toContain('error MESH3003');
  });
});
