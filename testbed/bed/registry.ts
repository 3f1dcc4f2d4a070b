import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { GOLDEN, goldenScenarios } from './golden';
import type { Scenario } from './scenario';

/** Scenarios are TypeScript, which the loader of this program compiles; `import()` would not. */
const load = createRequire(__filename);

const FOLDER = path.join(__dirname, '..', 'scenarios');

export interface Registry {
  scenarios: Scenario[];
  /** Files and folders that could not be read, and why. */
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
      registry.broken.push({ file: `scenarios/${file}`, why: (error as Error).message });
    }
  }
  try {
    registry.scenarios.push(...goldenScenarios(GOLDEN));
  } catch (error) {
    registry.broken.push({ file: 'golden', why: (error as Error).message });
  }
  return registry;
}

export interface Selection {
  scenarios: Scenario[];
  /** Why not all that was asked for can be run. */
  wrong: string[];
}

/** The scenarios that names mean: a full name, or the part before a slash for all of a family. No names: all. */
export function select({ scenarios: all, broken }: Registry, names: readonly string[]): Selection {
  const unread = broken.map(({ file, why }) => `${file} cannot be read: ${why}`);
  if (names.length === 0) return { scenarios: all, wrong: unread };
  const found = names.map((name) =>
    all.filter((scenario) => scenario.name === name || scenario.name.startsWith(`${name}/`)),
  );
  const wrong = names
    .filter((_, index) => found[index].length === 0)
    .map((name) => {
      const known = `there are ${all.map((scenario) => scenario.name).join(', ') || 'none'}`;
      return [`${name}: no such scenario; ${known}`, ...unread].join('; ');
    });
  return { scenarios: [...new Set(found.flat())], wrong };
}
