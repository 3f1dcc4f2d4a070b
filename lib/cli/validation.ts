import { dirname, relative, resolve } from 'node:path';
import { checkOptions, listOf, optional, text } from '../facts/guard';

/** What `cdk8s synth` hands to a validation (`ValidationContext` of cdk8s-cli), as far as this one needs it. */
export interface ValidationContext {
  /** Files that were written. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}

/** One finding, as reports of cdk8s-cli show it. */
export interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    readonly resourceName: string;
    readonly locations: readonly string[];
    readonly manifestPath: string;
  }[];
}

/** Options of {@link MeshValidation}, `properties` in `cdk8s.yaml`. */
export interface MeshValidationProps {
  /** Files with facts, as `--facts` of `multimesh verify`. @default - `fleet.json` beside the clusters */
  readonly facts?: string[];
}

/**
 * `multimesh verify` as a validation of `cdk8s synth`: it judges everything that the app wrote, also charts of programs
 * that are no fleet. Warnings are told; errors fail the command.
 *
 * In `cdk8s.yaml`:
 *
 *     validations:
 *       - package: ./node_modules/cdk8s-multimesh
 *         version: 0.1.0
 *         class: MeshValidation
 */
export class MeshValidation {
  private readonly facts: readonly string[];

  /** @throws MESH1006 for an option of another kind, or that does not exist. */
  public constructor(props: MeshValidationProps = {}) {
    checkOptions<MeshValidationProps>(props, 'MeshValidation', { facts: optional(listOf(text)) });
    this.facts = props.facts ?? [];
  }

  /**
   * Judges what was written.
   *
   * @throws MESH1107 and MESH4002 to MESH4006 for what cannot be read.
   */
  public async validate({ manifests, report }: ValidationContext): Promise<void> {
    if (manifests.length === 0) {
      report.submit('success');
      return;
    }
    // programs that import the library for something else load none of this
    const { judgeOutput } = require('./run') as typeof import('./run');
    const folder = folderOf(manifests);
    const { findings, assumptions, hasErrors } = judgeOutput(folder, this.facts);
    for (const { code, severity, message, fix, objects, refs, accepted } of findings) {
      if (accepted || severity === 'info') continue;
      const located = refs.map(({ object, field, source }) => ({
        resourceName: object,
        locations: [field === '' ? 'metadata' : field],
        manifestPath: source?.file ?? folder,
      }));
      const others = objects.map((resourceName) => ({ resourceName, locations: [], manifestPath: folder }));
      report.addViolation({
        ruleName: code,
        recommendation: message,
        fix,
        violatingResources: located.length > 0 ? located : others,
      });
    }
    const assumed = Object.fromEntries(assumptions.map((what, index) => [`assumption ${index + 1}`, what]));
    report.submit(hasErrors ? 'failure' : 'success', assumed);
  }
}

/** The folder that all files are in: the output directory, or the only cluster's folder in it. */
function folderOf(manifests: readonly string[]): string {
  let folder = dirname(resolve(manifests[0]));
  for (const file of manifests) {
    while (relative(folder, resolve(file)).startsWith('..')) folder = dirname(folder);
  }
  return relative(process.cwd(), folder) || '.';
}
