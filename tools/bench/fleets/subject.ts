/**
 * One measurement of a fleet, in the process of its own that `run` starts: `subject.ts <way> <size> <folder> [<change>]`.
 *
 * Ways: `fleet` states a company and synthesizes it; `l1` makes the same objects as plain ones of the same charts; `floor`
 * parses and serializes them, and writes as many files; `verdict` judges them alone, as the synth does; `dump` prints nothing but writes the objects for the two before.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ApiObject } from 'cdk8s';
import { Cluster, Fleet, MeshChart, type PlacedManifest } from '../../../lib';
import { Memo } from '../../../lib/facts/memo';
import { judgeFleet } from '../../../lib/verify/fleet-verdict';
import { report } from '../child';
import { company } from './company';
import { shuffled } from './order';

const OBJECTS = 'objects.json';

const [way, size, folder, change] = process.argv.slice(2);
const outdir = join(folder, 'dist');
const quiet = { outdir, print: () => {} };

const WAYS: Readonly<Record<string, () => void>> = {
  fleet: () =>
    report(() => {
      const fleet = new Fleet(quiet);
      company(fleet, { clusters: Number(size), ...(change !== undefined && { changed: Number(change) }) });
      fleet.synth();
    }),
  shuffled: () =>
    report(() => {
      const fleet = new Fleet(quiet);
      company(fleet, { clusters: Number(size), order: shuffled(Number(change)) });
      fleet.synth();
    }),
  verdict: () => {
    const fleet = new Fleet(quiet);
    company(fleet, { clusters: Number(size) });
    const input = { manifests: fleet.manifests(), facts: fleet.facts(), included: [] };
    report(() => {
      judgeFleet(input);
    });
  },
  dump: () => {
    const fleet = new Fleet(quiet);
    company(fleet, { clusters: Number(size) });
    writeFileSync(join(folder, OBJECTS), JSON.stringify(fleet.manifests()));
    report(() => {});
  },
  l1: () => {
    const objects = placed();
    report(() => {
      const fleet = new Fleet(quiet);
      const clusters = new Memo<Cluster>();
      const charts = new Memo<MeshChart>();
      for (const { cluster: name, file: path, manifest } of objects) {
        const cluster = clusters.get(name, () => new Cluster(fleet, name));
        const chart = charts.get(path, () => chartOf(cluster, path));
        new ApiObject(chart, `${manifest.kind} ${manifest.metadata.namespace} ${manifest.metadata.name}`, manifest);
      }
      fleet.synth();
    });
  },
  floor: () => {
    const text = readFileSync(join(folder, OBJECTS), 'utf8');
    report(() => {
      const files = new Map<string, string[]>();
      for (const { file, manifest } of JSON.parse(text) as PlacedManifest[]) {
        const texts = files.get(file) ?? [];
        files.set(file, texts);
        texts.push(JSON.stringify(manifest));
      }
      for (const [path, texts] of files) {
        mkdirSync(dirname(join(outdir, path)), { recursive: true });
        writeFileSync(join(outdir, path), texts.join('\n'));
      }
    });
  },
};

const placed = (): PlacedManifest[] => JSON.parse(readFileSync(join(folder, OBJECTS), 'utf8'));

function chartOf(cluster: Cluster, path: string): MeshChart {
  const file = path.slice(path.indexOf('/') + 1).replace(/\.k8s\.yaml$/, '');
  return new MeshChart(cluster, file, { cluster, mesh: 'mesh', file });
}

WAYS[way]();
