import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Fleet } from '../../../lib';
import type { Manifest } from '../../../lib/facts/manifest';
import { units } from './program';

/** The name that templates replace; no other text of the objects holds it. */
const NAME = 'svc0';

/** Objects of a fleet that are there once, and those of each of its units. */
interface Shape {
  readonly fixed: readonly Manifest[];
  readonly unit: readonly Manifest[];
}

/** Objects of a fleet with some units, in no order. */
export function objectsOf(names: readonly string[]): Manifest[] {
  const fleet = new Fleet({ print: () => {} });
  units(fleet, names);
  return fleet.manifests().map(({ manifest }) => manifest);
}

function shape(): Shape {
  const all = objectsOf([NAME]);
  const isOfUnit = (manifest: Manifest) => JSON.stringify(manifest).includes(NAME);
  return { fixed: all.filter((one) => !isOfUnit(one)), unit: all.filter(isOfUnit) };
}

/** Writes a Helm chart and a Jsonnet program that give the objects of the same fleet. */
export function writeTemplates(folder: string, names: readonly string[]): void {
  const { fixed, unit } = shape();
  const put = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const yaml = (objects: readonly Manifest[]) =>
    objects.map((one) => stringify(one, { lineWidth: 0, version: '1.1' })).join('---\n');
  mkdirSync(join(folder, 'chart/templates'), { recursive: true });
  put('chart/Chart.yaml', 'apiVersion: v2\nname: units\nversion: 0.1.0\n');
  put('chart/values.yaml', `services:\n${names.map((name) => `  - ${name}\n`).join('')}`);
  const each = yaml(unit).replaceAll(NAME, '{{ . }}');
  put('chart/templates/all.yaml', `${yaml(fixed)}{{- range .Values.services }}\n---\n${each}{{- end }}\n`);
  put('names.json', JSON.stringify(names));
  const literals = (objects: readonly Manifest[]) => objects.map((one) => JSON.stringify(one)).join(',\n');
  const templates = literals(unit).replace(/"(?:[^"\\]|\\.)*"/g, (token) => token.split(NAME).join('" + n + "'));
  // a key that is an expression stands in brackets
  const program = templates.replace(/("[^"]*" \+ n \+ "[^"]*")(?=:)/g, '[$1]');
  put(
    'units.jsonnet',
    `local names = import 'names.json';\n[\n${literals(fixed)}\n] + std.flatMap(function(n) [\n${program}\n], names)\n`,
  );
}
