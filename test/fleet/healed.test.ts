import { appendFileSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject } from 'cdk8s';
import * as fc from 'fast-check';
import type { Fleet } from '../../lib';
import { Testing } from '../../lib/testing/testing';
import { filesOf, temporaryFolder } from '../support/model';
import { ring } from '../support/ring';

/** As many as it takes that verdicts are remembered. */
const CLUSTERS = 25;
const JUDGED = '.fleet-judged';

const cluster = fc.nat(CLUSTERS - 1);

/** A program: in these clusters, one object has a label more. */
const program = fc.uniqueArray(cluster, { maxLength: 3 });

/** What happens to files between two synths. */
const damage = fc.array(
  fc.record({ how: fc.constantFrom('edit', 'remove', 'empty', 'forget'), file: fc.nat(), judged: fc.boolean() }),
  { maxLength: 4 },
);

/** Everything that a synth tells, and all files with their texts. */
function written(labelled: readonly number[], outdir: string): Record<string, string> {
  const printed: string[] = [];
  const fleet = ring(CLUSTERS, 1, Testing.fleet({ outdir, print: (text) => printed.push(text) }));
  for (const number of labelled) objectIn(fleet, number)?.metadata.addLabel('labelled', 'yes');
  fleet.synth();
  const { [JUDGED]: _, ...files } = filesOf(outdir);
  return { ...files, told: printed.slice(0, -1).join('') };
}

function objectIn(fleet: Fleet, number: number): ApiObject | undefined {
  const objects = fleet.node.findAll().filter((one): one is ApiObject => ApiObject.isApiObject(one));
  return objects.find(({ chart }) => chart.node.path.startsWith(`cluster-${number}/`));
}

test('whatever became of files and program, a synth writes what it would write into an empty directory', () => {
  const fresh = new Map<string, Record<string, string>>();
  const expected = (labelled: readonly number[]) => {
    const key = [...labelled].sort().join();
    const known = fresh.get(key) ?? written(labelled, temporaryFolder());
    fresh.set(key, known);
    return known;
  };
  const outdir = temporaryFolder();
  fc.assert(
    fc.property(program, damage, (labelled, all) => {
      const before = existsSync(join(outdir, 'fleet.json')) ? filesOf(outdir) : {};
      const paths = Object.keys(before).filter((path) => path !== JUDGED && !path.endsWith('fleet.index'));
      for (const { how, file, judged } of all.filter(() => paths.length > 0)) {
        const path = join(outdir, judged ? JUDGED : paths[file % paths.length]);
        if (how === 'remove') rmSync(path, { force: true });
        else if (how === 'empty') writeFileSync(path, '');
        else if (how === 'edit' && existsSync(path)) appendFileSync(path, '# edited\n');
        else rmSync(join(outdir, JUDGED), { force: true });
      }
      expect(written(labelled, outdir)).toEqual(expected(labelled));
      const modified = (path: string) => statSync(join(outdir, path)).mtimeMs;
      const stamps = paths.map(modified);
      expect(written(labelled, outdir)).toEqual(expected(labelled));
      expect(paths.map(modified)).toEqual(stamps);
    }),
    { numRuns: 12 },
  );
});
