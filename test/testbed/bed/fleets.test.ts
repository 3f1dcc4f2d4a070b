import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Cluster, ControlPlane, Istio, Mesh, Port } from '../../../lib';
import { FLEETS, synthesize } from '../../../testbed/bed/fleets';
import { REPOSITORY } from '../../../testbed/bed/paths';

test('a fleet that only the testbed applies is synthesized into a folder of its own, anew each time', () => {
  const name = `test-${process.pid}`;
  const folder = path.join(REPOSITORY, FLEETS, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'of-before'), '');
  try {
    const outdir = synthesize(name, (fleet) => {
      const mesh = new Mesh(new Cluster(fleet, 'c1'), 'm', {
        platform: Istio.v1_31(),
        controlPlane: ControlPlane.existing('istio-system'),
      });
      mesh.service('a', { namespace: 'n', ports: [Port.http(80)] });
    });
    expect(outdir).toBe(folder);
    expect(JSON.parse(readFileSync(path.join(folder, 'fleet.json'), 'utf8'))).toHaveProperty('clusters');
    expect(existsSync(path.join(folder, 'of-before'))).toBe(false);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
