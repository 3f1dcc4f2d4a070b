import { readdirSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../../testbed/bed/paths';
import { allScenarios } from '../../testbed/bed/registry';

/** What no scenario applies at its start, and why. */
const LATER: Readonly<Record<string, string>> = Object.fromEntries(
  ['2-added', '3-split', '4-moved', '5-after'].flatMap((step) =>
    ['agency', 'partner'].map((cluster) => [
      `dist/partner-agency/migration-${step}/${cluster}`,
      'a step of partner-agency/migration-*-first, whose `test` goes from one to the next as GitOps does',
    ]),
  ),
);

const foldersIn = (folder: string) =>
  readdirSync(path.join(REPOSITORY, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}/${name}`);

test('what is written for a cluster is applied by a scenario of the testbed, or it is said why not', () => {
  const { scenarios, broken } = allScenarios();
  expect(broken).toEqual([]);
  const applied = scenarios.flatMap(({ clusters }) => Object.values(clusters).flatMap(({ apply = [] }) => apply));
  // WHEN
  const clusters = foldersIn('dist')
    .flatMap(foldersIn)
    .flatMap(foldersIn)
    .filter((folder) => !['contracts', 'values'].includes(path.basename(folder)))
    .sort();
  // THEN
  expect(clusters).not.toEqual([]);
  expect(clusters.filter((folder) => !applied.includes(folder))).toEqual(Object.keys(LATER));
});
