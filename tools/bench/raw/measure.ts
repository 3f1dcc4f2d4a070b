import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Cluster } from '../../../lib/fleet/cluster';
import { Fleet } from '../../../lib/fleet/fleet';
import { MeshChart } from '../../../lib/fleet/mesh-chart';
import { DIRECTORY } from '../directory';
import { addObject } from './objects';

/** Who synthesizes: cdk8s; a Fleet with ten clusters; a Fleet in the place of the App of cdk8s, nothing else changed. */
export type Subject = 'cdk8s' | 'fleet' | 'fleet, plain charts';

/** One measurement. */
export interface Measurement {
  /** From the first construct to the last file. */
  readonly seconds: number;
  /** Peak resident memory of the process, in MB. */
  readonly memory: number;
  /** YAML documents found in the files. */
  readonly documents: number;
}

const CLUSTERS = 10;

/** Synthesizes objects in charts, in this process, which should do nothing else. */
export function measure(subject: Subject, objects: number, charts: number): Measurement {
  const outdir = mkdtempSync(join(DIRECTORY, 'multimesh-bench-'));
  try {
    const start = process.hrtime.bigint();
    const app = subject === 'cdk8s' ? new App({ outdir }) : new Fleet({ outdir });
    const clusters =
      app instanceof Fleet && subject === 'fleet'
        ? Array.from({ length: CLUSTERS }, (_, index) => new Cluster(app, `cluster-${index}`))
        : [];
    for (let chart = 0; chart < charts; chart++) {
      const id = `chart-${chart}`;
      const cluster = clusters[chart % CLUSTERS];
      const scope = cluster ? new MeshChart(cluster, id, { cluster, mesh: 'mesh', file: id }) : new Chart(app, id);
      for (let index = 0; index < objects / charts; index++) {
        addObject(scope, chart, index);
      }
    }
    app.synth();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    // Read before the documents are counted, which takes memory too.
    const memory = Math.round(process.resourceUsage().maxRSS / 1024);
    return { seconds, memory, documents: countDocuments(outdir) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function countDocuments(directory: string): number {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => readFileSync(join(directory, file), 'utf8').match(/^apiVersion: /gm)?.length ?? 0)
    .reduce((sum, count) => sum + count, 0);
}
