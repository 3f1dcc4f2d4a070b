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
  /** Scenarios that need what does not belong to the repository and is not at hand, and why. */
  notRun: { name: string; why: string }[];
  /** Files and folders that could not be read, and why. */
  broken: { file: string; why: string }[];
}

/** A file of scenarios/. */
interface ScenarioModule {
  default?: Scenario | Scenario[];
  notRun?: Registry['notRun'];
}

/** Every scenario there is: the files of scenarios/ (each exports one or several as default), then the golden ones. */
export function allScenarios(): Registry {
  const registry: Registry = { scenarios: [], notRun: [], broken: [] };
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts'));
  for (const file of files.sort()) {
    try {
      const { default: found, notRun = [] } = load(path.join(FOLDER, file)) as ScenarioModule;
      if (!found) throw new Error('it has no default export: a scenario, or an array of them');
      registry.scenarios.push(...[found].flat());
      registry.notRun.push(...notRun);
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
  /** Scenarios that were meant and are not run, and why. */
  notRun: Registry['notRun'];
  /** Why not all that was asked for can be run. */
  wrong: string[];
}

/** The scenarios that names mean: a full name, or the part before a slash for all of a family. No names: all. */
export function select({ scenarios: all, notRun, broken }: Registry, names: readonly string[]): Selection {
  const unread = broken.map(({ file, why }) => `${file} cannot be read: ${why}`);
  if (names.length === 0) return { scenarios: all, notRun, wrong: unread };
  const meant = (name: string) => (each: { name: string }) => each.name === name || each.name.startsWith(`${name}/`);
  const wrong: string[] = [];
  for (const name of names) {
    const absent = notRun.filter(meant(name));
    if (all.some(meant(name))) continue;
    const known = `there are ${all.map((scenario) => scenario.name).join(', ') || 'none'}`;
    if (absent.length > 0) wrong.push(...absent.map((each) => `${each.name}: ${each.why}`));
    else wrong.push([`${name}: no such scenario; ${known}`, ...unread].join('; '));
  }
  return {
    scenarios: [...new Set(names.flatMap((name) => all.filter(meant(name))))],
    notRun: [...new Set(names.flatMap((name) => notRun.filter(meant(name))))],
    wrong,
  };
}
