import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Cost, run } from '../child';
import type { Ratio } from '../target';

const SUBJECT = join(__dirname, 'subject.ts');
/** 98 objects each. `npm run bench -- 1000` measures a thousand. */
const CLUSTERS = 200;
/** Heap that must suffice for them, in MB. */
const HEAP = 512;

/** What a company costs, beside what its objects alone cost. */
export function fleetRatios(folderOf: (name: string) => string, clusters = CLUSTERS): Ratio[] {
  const folder = folderOf('company');
  const measure = (way: string, more: readonly string[] = [], heap?: number): Cost =>
    run(SUBJECT, [way, String(clusters), folder, ...more], heap === undefined ? {} : { heap });
  const fresh = (way: string, heap?: number): Cost => {
    rmSync(join(folder, 'dist'), { recursive: true, force: true });
    return measure(way, [], heap);
  };
  measure('dump');
  const floor = fresh('floor');
  const l1 = fresh('l1');
  const small = unlessOutOfMemory(() => fresh('fleet', HEAP));
  const fleet = fresh('fleet');
  const changed = measure('fleet', [String(Math.floor(clusters / 2))]);
  const verdict = measure('verdict');
  const without = fleet.cpu - verdict.cpu;
  const text = ({ cpu, memory }: Cost) => `${cpu.toFixed(1)} s, ${memory} MB`;
  const objects = (clusters * 98).toLocaleString('en');
  return [
    {
      what: `${objects} objects / JSON.parse and stringify of them, and their files`,
      ...{ ratio: fleet.cpu / floor.cpu, atMost: 5, beside: `${text(fleet)}; ${text(floor)}` },
    },
    {
      what: 'the same without the verdict, which is newer than the target',
      ...{ ratio: without / floor.cpu, atMost: 5, beside: `${without.toFixed(1)} s` },
    },
    {
      what: 'a company / its objects as plain ones in a Fleet',
      ...{ ratio: fleet.cpu / l1.cpu, atMost: 1.25, beside: text(l1) },
    },
    {
      what: `the same with a heap of ${HEAP} MB / with that of Node`,
      ...{ ratio: (small?.cpu ?? Number.POSITIVE_INFINITY) / fleet.cpu, atMost: 1.1 },
      beside: small ? text(small) : 'out of memory',
    },
    {
      what: 'the verdict on the fleet / its synth without it',
      ...{ ratio: verdict.cpu / without, atMost: 0.5, beside: `${verdict.cpu.toFixed(1)} s, ${without.toFixed(1)} s` },
    },
    {
      what: `one change among ${clusters} clusters / a whole synth`,
      ...{ ratio: changed.cpu / fleet.cpu, atMost: 0.3, beside: text(changed) },
    },
  ];
}

/** What it costs; undefined where the heap does not suffice, which is an answer, too. */
function unlessOutOfMemory(measure: () => Cost): Cost | undefined {
  try {
    return measure();
  } catch (error) {
    if (/heap out of memory/.test(String(error))) return undefined;
    throw error;
  }
}
