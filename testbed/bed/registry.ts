import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { goldenFolder, goldenScenarios } from './golden';
import { REPOSITORY } from './paths';
import type { Scenario } from './scenario';

/** Scenarios are TypeScript, which the loader of this program compiles; `import()` would not. */
const load = createRequire(__filename);

const FOLDER = path.join(__dirname, '..', 'scenarios');

export interface Registry {
  scenarios: Scenario[];
  /** Files that could not be read, and why. */
  broken: { file: string; why: string }[];
}

/** Every scenario there is: the files of scenarios/ (each exports one or several as default), then the golden ones. */
export function allScenarios(): Registry {
  const registry: Registry = { scenarios: [], broken: [] };
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));
  for (const file of files.sort()) {
    try {
      const { default: found } = load(path.join(FOLDER, file)) as { default?: Scenario | Scenario[] };
      if (!found) throw new Error('it has no default export: a scenario, or an array of them');
      registry.scenarios.push(...[found].flat());
    } catch (error) {
      registry.broken.push({ file, why: (error as Error).message });
    }
  }
  registry.scenarios.push(...goldenScenarios(goldenFolder()));
  return registry;
}

export interface Selection {
  scenarios: Scenario[];
  /** What was not found or cannot run here, and why; `asked` when it was named on the command line. */
  missing: { name: string; why: string; asked: boolean }[];
}

/** The scenarios that names mean: a full name, or the part before a slash for all of a family. No names: all. */
export function select({ scenarios: all, broken }: Registry, names: readonly string[]): Selection {
  const selection: Selection = { scenarios: [], missing: [] };
  if (names.length === 0) {
    for (const { file, why } of broken) selection.missing.push({ name: `scenarios/${file}`, why, asked: true });
  }
  const wanted = names.length === 0 ? [...all] : [];
  for (const name of names) {
    const meant = all.filter((scenario) => scenario.name === name || scenario.name.startsWith(`${name}/`));
    if (meant.length === 0)
      selection.missing.push({ name, why: `no such scenario; ${listing(all, broken)}`, asked: true });
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

function listing(all: readonly Scenario[], broken: Registry['broken']): string {
  const unread = broken.map(({ file, why }) => `; scenarios/${file} cannot be read: ${why}`);
  return `there are ${all.map(({ name }) => name).join(', ') || 'none'}${unread.join('')}`;
}
