import { MeshError } from '../facts/error';
import { text } from '../facts/guard';
import { checkOutputPath } from '../synth/output-path';
import type { OutputFile } from '../synth/plan';

/** The facts, beside the folders of the clusters. */
export const FACTS = 'fleet.json';

/** Files of a fleet that are no manifests: facts, contracts, and what the program adds. */
export class Outputs {
  private readonly producers = new Map<string, () => string>();

  /** @throws MESH2004 when the path is malformed, MESH2003 when there is such an output already. */
  public add(path: string, produce: () => string): void {
    if (this.producers.has(checkOutputPath(path)) || path === FACTS) {
      throw new MeshError('MESH2003', path, 'the output is added twice; give one of them another path');
    }
    this.producers.set(path, produce);
  }

  /** Path of one of them, for messages. */
  public get some(): string | undefined {
    return [...this.producers.keys()][0];
  }

  /** All of them with their texts. @throws MESH1006 for one that gives something else. */
  public produce(): OutputFile[] {
    return [...this.producers].map(([path, produce]) => {
      const produced = produce();
      text(produced, path, 'what the output holds');
      return { path, text: produced };
    });
  }
}
