import { join, relative } from 'node:path';
import { Fleet } from '../../lib';
import { Testing } from '../../lib/testing';
import { filesOf, mesh, messageOf, temporaryFolder } from '../support/model';

function fleetOf(clusters: readonly string[], outdir: string, id = 'shop'): Fleet {
  const fleet = new Fleet({ outdir, print: () => {} });
  for (const cluster of clusters) mesh(fleet, `${id}-${cluster}`, {}, cluster).namespace('shop', { create: true });
  return fleet;
}

test('two fleets of one program do not replace one another, whatever clusters they have', () => {
  const outdir = temporaryFolder();
  fleetOf(['east', 'west'], outdir).synth();
  const before = filesOf(outdir);
  const message = (clusters: string) =>
    `MESH2021 ${outdir}: this fleet (${clusters}) would replace east/0-shop-east.k8s.yaml and all else that another fleet of this program (clusters east, west) has just written there; put all clusters into one Fleet, or give each an outdir of its own: new Fleet({ outdir: '…' })`;
  expect(messageOf(() => fleetOf(['east', 'west'], outdir, 'stock').synth())).toBe(message('clusters east, west'));
  expect(messageOf(() => fleetOf(['north'], outdir).synth())).toBe(message('cluster north'));
  expect(filesOf(outdir)).toEqual(before);
});

test('nor when they spell the directory otherwise', () => {
  const outdir = temporaryFolder();
  fleetOf(['east'], join(outdir, 'dist')).synth();
  const other = relative(process.cwd(), join(outdir, 'x', '..', 'dist'));
  expect(messageOf(() => fleetOf(['west'], `${other}/`).synth())).toMatch(
    /^MESH2021 .*\(cluster west\).*\(cluster east\)/,
  );
});

test('nor when they are of two copies of the package', () => {
  const outdir = temporaryFolder();
  fleetOf(['east'], outdir).synth();
  jest.isolateModules(() => {
    const { Fleet: Other, Cluster } = require('../../lib') as typeof import('../../lib');
    const fleet = new Other({ outdir, print: () => {} });
    new Cluster(fleet, 'west');
    expect(messageOf(() => fleet.synth())).toMatch(/^MESH2021 /);
  });
});

test('a fleet may be synthesized again, after more is stated', () => {
  const outdir = temporaryFolder();
  const fleet = fleetOf(['east'], outdir);
  fleet.synth();
  mesh(fleet, 'more', {}, 'west').namespace('more', { create: true });
  fleet.synth();
  expect(Object.keys(filesOf(outdir))).toContain('west/0-more.k8s.yaml');
});

test('a second fleet that writes the same loses nothing', () => {
  const outdir = temporaryFolder();
  fleetOf(['east'], outdir).synth();
  fleetOf(['east'], outdir).synth();
  fleetOf(['east', 'west'], temporaryFolder()).synth();
});

test('fleets of tests stand for runs of their own', () => {
  const outdir = temporaryFolder();
  const run = (id: string) => {
    const fleet = Testing.fleet({ outdir });
    mesh(fleet, id, {}, 'east').namespace('shop', { create: true });
    fleet.synth();
  };
  run('one');
  run('two');
  expect(Object.keys(filesOf(outdir))).toEqual([
    'east/0-two.k8s.yaml',
    'east/fleet.index',
    'fleet.index',
    'fleet.json',
  ]);
});
