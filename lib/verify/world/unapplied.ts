import { yaml } from '../../facts/packages';
import { kustomizationsBelow, textOf } from './files';

/** Fields of a kustomization that name files and change nothing of them. */
const LISTS: ReadonlySet<string> = new Set(['apiVersion', 'bases', 'kind', 'metadata', 'resources']);

/** Says which kustomizations of a folder would change what is judged. */
export function unapplied(folder: string): string[] {
  return kustomizationsBelow(folder).flatMap((file) => {
    const kustomization = read(file);
    const changes = Object.keys(kustomization).filter((field) => !LISTS.has(field) || leadsAway(kustomization, field));
    if (changes.length === 0) return [];
    return [`${file} is not applied (${changes.join(', ')}): judge what kubectl kustomize writes where that matters`];
  });
}

/** Whether a list of files has some of another folder, or of a repository. */
function leadsAway(kustomization: Kustomization, field: string): boolean {
  const files = kustomization[field];
  return Array.isArray(files) && files.some((one) => /^\.\.(\/|$)|:/.test(String(one)));
}

type Kustomization = Readonly<Record<string, unknown>>;

/** Nothing is said of one that cannot be read: kustomize says it. */
function read(file: string): Kustomization {
  try {
    const value: unknown = yaml().parse(textOf(file));
    return typeof value === 'object' && value !== null ? (value as Kustomization) : {};
  } catch {
    return {};
  }
}
