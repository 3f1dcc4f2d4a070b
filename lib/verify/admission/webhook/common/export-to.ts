import type { Path } from '../../path';
import { type Report, show } from '../../problem';
import { isLabel } from './names';

/** What a kind may do besides exporting to namespaces. */
export interface ExportOptions {
  /** A ServiceEntry may be visible to nobody: `~`. */
  readonly nobody?: boolean;
  /** A DestinationRule with a workload selector stays in its namespace. */
  readonly ownNamespaceOnly?: boolean;
}

/** `validation.validateExportTo`: `.` is the own namespace, `*` all of them. */
export function exportToRules(
  exportTo: readonly string[] | undefined,
  namespace: string,
  at: Path,
  report: Report,
  options: ExportOptions = {},
): void {
  if (exportTo === undefined || exportTo.length === 0) return;
  const seen = new Set<string>();
  exportTo.forEach((entry, i) => {
    const meant = entry === '.' ? namespace : entry;
    if (seen.has(meant)) {
      report.error(
        at.at(i),
        `is ${show(entry)}, which is there already${entry === '.' ? ` as ${show(namespace)}` : ''}`,
      );
    } else if (isEntry(entry, meant, options)) {
      seen.add(meant);
    } else {
      report.error(at.at(i), `is ${show(entry)}, expected ., * or the name of a namespace`);
    }
  });
  if (options.ownNamespaceOnly && seen.size > 0 && (!seen.has(namespace) || seen.size > 1)) {
    report.error(at, 'goes beyond the own namespace, which a rule with a workload selector may not');
  }
  const alone = ['*', '~'].find((entry) => seen.has(entry));
  if (alone !== undefined && exportTo.length > 1) {
    report.error(at, `has ${show(alone)} beside other entries, expected it alone`);
  }
}

function isEntry(entry: string, meant: string, { nobody }: ExportOptions): boolean {
  if (entry === '~') return nobody === true;
  return meant === '*' || meant === '.' || isLabel(meant);
}
