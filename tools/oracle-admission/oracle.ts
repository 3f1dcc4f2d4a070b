import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../go';
import { go, moduleFolder } from './go';

/** An object as parsed from YAML. */
export type Document = Readonly<Record<string, unknown>>;

/** What the Go program says of an object: why the API server or istiod refuses it, or what istiod warns of. */
export interface Verdict {
  readonly schema?: string;
  readonly webhook?: string;
  readonly warnings?: readonly string[];
}

/** Judges objects by Istio's and Kubernetes' own code. */
export class Oracle {
  private readonly program: string;

  /** Builds the program; with Go's cache warm, in seconds. */
  constructor() {
    this.program = join(cacheFolder('oracle-admission'), 'admission');
    const sources = readdirSync(__dirname).filter((file) => file.endsWith('.go'));
    go(['build', '-o', this.program, ...sources.map((file) => join(__dirname, file))]);
  }

  /** A verdict per object, in order, as a cluster with the CRDs of Istio gives it. */
  public judge(documents: readonly Document[]): Verdict[] {
    const definitions = join(moduleFolder('istio.io/api'), 'kubernetes', 'customresourcedefinitions.gen.yaml');
    const input = documents.map((document) => `${JSON.stringify(document)}\n`).join('');
    const lines = this.run([definitions], input).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Verdict);
  }

  /** The message types of Envoy that istiod knows: `lib/verify/admission/webhook/envoy-filter/types.json`. */
  public types(): string {
    return this.run(['-types'], '');
  }

  private run(args: readonly string[], input: string): string {
    const { status, stdout, stderr, error } = spawnSync(this.program, args, {
      input,
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    if (error !== undefined) throw error;
    if (status !== 0) throw new Error(`the oracle stopped: ${stderr}`);
    return stdout;
  }
}
