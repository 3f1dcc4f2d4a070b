import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { goldenFolder, goldenScenarios } from './golden';
import { REPOSITORY } from './paths';
import type { Scenario } from './scenario';

/** Scenarios are TypeScript, which the loader of this program compiles; `import()` would not. */
const load = createRequire(__filename);

const FOLDER = path.join(__dirname, 'scenarios');

/** Every scenario there is: the files of scenarios/ (each exports one or several as default), then the golden ones. */
export function allScenarios(): Scenario[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .sort();
  const own: Scenario[] = [];
  for (const file of files) {
    const { default: found } = load(path.join(FOLDER, file)) as { default: Scenario | Scenario[] };
    own.push(...[found].flat());
  }
  return [...own, ...goldenScenarios(goldenFolder())];
}

export interface Selection {
  scenarios: Scenario[];
  /** What was not found or cannot run here, and why; `asked` when it was named on the command line. */
  missing: { name: string; why: string; asked: boolean }[];
}

/** The scenarios that names mean: a full name, or the part before a slash for all of a family. No names: all. */
export function select(all: readonly Scenario[], names: readonly string[]): Selection {
  const selection: Selection = { scenarios: [], missing: [] };
  const wanted = names.length === 0 ? [...all] : [];
  for (const name of names) {
    const meant = all.filter((scenario) => scenario.name === name || scenario.name.startsWith(`${name}/`));
    if (meant.length === 0) selection.missing.push({ name, why: `no such scenario; ${listing(all)}`, asked: true });
    wanted.push(...meant);
  }
  for (const scenario of new Set(wanted)) {
    const lacking = needsOf(scenario).filter((file) => !existsSync(path.resolve(REPOSITORY, file)));
    if (lacking.length === 0) selection.scenarios.push(scenario);
    else {
      const why = `needs ${lacking.join(', ')}, which is not here`;
      selection.missing.push({ name: scenario.name, why, asked: names.length > 0 });
    }
  }
  return selection;
}

/** Everything a scenario reads from disk. */
function needsOf({ needs = [], clusters }: Scenario): string[] {
  return [...needs, ...Object.values(clusters).flatMap(({ crds = [], apply = [] }) => [...crds, ...apply])];
}

const listing = (all: readonly Scenario[]) => `there are ${all.map(({ name }) => name).join(', ') || 'none'}`;
