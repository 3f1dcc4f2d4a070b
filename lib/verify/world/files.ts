import { isUtf8 } from 'node:buffer';
import { type Dirent, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MeshError } from '../../facts/error';
import { looksLikeFacts } from '../../facts/no-manifest';
import { yaml } from '../../facts/packages';

/** Instructions of kustomize, not objects: they lie beside manifests in many repositories. */
const KUSTOMIZATION = /(^|[\\/])kustomization\.ya?ml$/i;

/**
 * Files of a folder and those below that may hold manifests, by name, without those `apart`.
 *
 * @throws MESH1107 when the folder cannot be read.
 */
export function filesBelow(folder: string, apart: ReadonlySet<string> = new Set()): string[] {
  return allBelow(folder).filter((file) => !KUSTOMIZATION.test(file) && !apart.has(resolve(file)));
}

/** Kustomizations of a folder and those below, by name: nothing here applies them. */
export const kustomizationsBelow = (folder: string): string[] =>
  allBelow(folder).filter((file) => KUSTOMIZATION.test(file));

/**
 * Files of a folder and those below that are meant for other programs: no document in them has `apiVersion` or `kind`.
 * Contracts, calls of a test and values of Helm lie beside manifests in many repositories. Facts that no option names are
 * not among them: to leave them alone would be to judge other clusters.
 */
export const filesOfOthers = (folder: string, apart: ReadonlySet<string>): string[] =>
  filesBelow(folder, apart).filter(isOfOthers);

function isOfOthers(file: string): boolean {
  try {
    const text = textOf(file);
    if (BEGINS_AN_OBJECT.test(text)) return false;
    const documents = file.endsWith('.json') ? [JSON.parse(text)] : documentsOf(text);
    return documents.length > 0 && !documents.flat().some((one) => isMeantAsObject(one) || looksLikeFacts(one));
  } catch {
    // whoever reads it tells what is wrong
    return false;
  }
}

/** At the beginning of a line, as nearly all manifests have it, or of the JSON of a dump. */
const BEGINS_AN_OBJECT = /^(?:\{\s*)?"?(?:apiVersion|kind)"?\s*:/m;

const isMeantAsObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && ('apiVersion' in value || 'kind' in value);

/** Documents that hold something. */
function documentsOf(text: string): unknown[] {
  return yaml()
    .parseAllDocuments(text, { logLevel: 'error' })
    .filter(({ contents }) => contents !== null)
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS();
    });
}

/**
 * The text of a file that may hold manifests.
 *
 * @throws MESH1107 when it cannot be read, or is not UTF-8.
 */
export function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new MeshError('MESH1107', file, `the file cannot be read (${(error as Error).message}); correct the path`);
  }
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw new MeshError('MESH1107', file, 'the file is UTF-16, as PowerShell writes it; expected UTF-8: save it so');
  }
  // kubectl refuses it, too: what is no character would become another name
  if (!isUtf8(bytes)) {
    throw new MeshError('MESH1107', file, 'the file is no UTF-8; save it so, without bytes of another encoding');
  }
  return bytes.toString('utf8');
}

function allBelow(folder: string): string[] {
  const found: string[] = [];
  walk(folder, '', new Set(), found);
  return found.sort().map((name) => join(folder, name));
}

/** Names of files below a folder of a root; a link is what it leads to, and one that leads back to a folder around it is left out. */
function walk(root: string, folder: string, around: Set<string>, found: string[]): void {
  const path = join(root, folder);
  let entries: Dirent[];
  let real: string;
  try {
    real = realpathSync(path);
    if (around.has(real)) return;
    entries = readdirSync(path, { withFileTypes: true });
  } catch (error) {
    throw new MeshError('MESH1107', path, `the folder cannot be read (${(error as Error).message})`);
  }
  around.add(real);
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const name = join(folder, entry.name);
    if (entry.isSymbolicLink() ? leadsToFolder(join(root, name)) : entry.isDirectory()) walk(root, name, around, found);
    else if (/\.(ya?ml|json)$/.test(entry.name)) found.push(name);
  }
  around.delete(real);
}

/** One that leads nowhere, or in a circle, is told by whoever reads it. */
function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch {
    return false;
  }
}
