import { existsSync, readdirSync } from 'node:fs';
import { ApiObject, Chart } from 'cdk8s';
import { Cluster } from '../../lib/fleet/cluster';
import { MeshChart } from '../../lib/fleet/mesh-chart';
import { Testing } from '../../lib/testing';

describe('Testing', () => {
  test('fleet has a folder of its own', () => {
    const [a, b] = [Testing.fleet(), Testing.fleet()];
    expect(existsSync(a.outdir)).toBe(true);
    expect(a.outdir).not.toBe(b.outdir);
    expect(Testing.fleet({ outdir: 'stated' }).outdir).toBe('stated');
  });

  test('synth gives the objects of each cluster and writes nothing', () => {
    // GIVEN
    const fleet = Testing.fleet();
    const [c1] = ['c1', 'c2'].map((id) => new Cluster(fleet, id));
    const chart = new MeshChart(fleet, 'chart', { cluster: c1, mesh: 'mesh', file: 'mesh' });
    new ApiObject(chart, 'b', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } });
    new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
    new ApiObject(new Chart(fleet, 'plain'), 'plain', { apiVersion: 'v1', kind: 'ConfigMap' });
    // THEN
    expect(Testing.synth(fleet)).toEqual({
      c1: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } },
      ],
      c2: [],
    });
    expect(readdirSync(fleet.outdir)).toEqual([]);
  });

  test('synth runs validators and checks', () => {
    const fleet = Testing.fleet();
    fleet.addCheck(() => [
      { code: 'MESH2001', severity: 'error', objects: [], message: 'wrong', atRuntime: 'nothing works', fix: 'repair' },
    ]);
    expect(() => Testing.synth(fleet)).toThrow('error MESH2001: wrong');
    fleet.node.addValidation({ validate: () => ['invalid'] });
    expect(() => Testing.synth(fleet)).toThrow('Validation failed');
  });
});
