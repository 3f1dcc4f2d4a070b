import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MeshError } from '../../facts/error';
import { misfitOf } from '../../facts/misfit';
import { SourceLines } from '../report/source-line';
import { readYaml } from '../world/read-facts';
import type { PlacedAcceptance } from './annotation';

/** File beside manifests that says which findings are meant (`schema/config.schema.json`). */
export const CONFIG = '.multimesh.yaml';

interface Config {
  readonly accept?: readonly { readonly code: string; readonly about: string; readonly reason: string }[];
}

/**
 * What the file in a folder accepts; nothing where there is none.
 *
 * @throws MESH4004 when it cannot be read, MESH4006 naming the field that is missing or unknown, such as a reason.
 */
export function configuredAcceptances(folder: string): PlacedAcceptance[] {
  const file = join(folder, CONFIG);
  if (!existsSync(file)) return [];
  const read = readYaml(file) ?? {};
  const misfit = misfitOf(require('../../../schema/config.schema.json'), read);
  if (misfit !== undefined) {
    throw new MeshError('MESH4006', file, `${misfit}; expected a list 'accept' of code, about and reason`);
  }
  const lines = new SourceLines();
  return ((read as Config).accept ?? []).map(({ code, about, reason }, index) => {
    const line = lines.lineOf({ object: file, field: `accept[${index}]`, source: { file, line: 1 } }) ?? 1;
    return {
      code,
      about: { name: about },
      reason,
      by: 'file',
      place: { object: file, field: '', source: { file, line } },
    };
  });
}
