import type { RootFacts, SecretFacts } from '../facts/fleet';
import { groupBy } from '../facts/group-by';

const HEADINGS = ['cluster', 'namespace', 'secret', 'keys', 'certificate of', 'signed by', 'roots in it', 'written by'];

/**
 * The Secrets and ConfigMaps that must exist before the objects are applied, as a table for people: a wrong namespace is
 * the most common failure. One line for each, whoever needs it; empty when there is none.
 */
export function formatSecrets(secrets: readonly SecretFacts[]): string {
  if (secrets.length === 0) return '';
  const byPlace = groupBy(secrets, placeOf);
  const rows = [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, uses]) => row(uses));
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...rows.map((cells) => cells[column].length)),
  );
  const lines = [HEADINGS, ...rows].map((cells) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column])).join('  ')}`.trimEnd(),
  );
  const kinds = secrets.some(({ kind }) => kind === 'ConfigMap') ? 'Secrets and ConfigMaps' : 'Secrets';
  return `${kinds} that must exist before the objects are applied:\n${lines.join('\n')}\n`;
}

function placeOf({ cluster, namespace, name, kind }: SecretFacts): string {
  return [cluster, namespace, name, ...(kind === undefined ? [] : [kind])].join('/');
}

/** One Secret: what all its users need of it together. */
function row(uses: SecretFacts[]): string[] {
  const [{ cluster, namespace, name, kind }] = uses;
  const keys = unique(uses.flatMap((use) => use.keys));
  return [
    cluster,
    namespace,
    kind === undefined ? name : `${name} (${kind})`,
    keys.join(', '),
    unique(uses.flatMap(({ identity }) => identity ?? [])).join(', ') || '-',
    unique(uses.flatMap(({ signer }) => (signer ? describeRoots(signer) : []))).join(', ') || '-',
    unique(uses.flatMap(({ trusts }) => (trusts ? describeRoots(trusts) : []))).join(', ') || '-',
    unique(uses.map(({ writtenBy }) => writtenBy)).join(', '),
  ];
}

/** The name of an authority; with the number of its roots while there are several. */
function describeRoots({ name, sha256 }: RootFacts): string {
  return sha256.length > 1 ? `${name} (${sha256.length} roots)` : name;
}

function unique(values: string[]): string[] {
  return [...new Set(values)].sort();
}
