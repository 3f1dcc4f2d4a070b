import { createHash } from 'node:crypto';
import type { CallResult } from '../bed/expectation';
import type { Call } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import type { BedState, ClusterState } from './state';

/** The calls of a scenario with what came of them, and the states in which they were made. */
export interface Recording {
  scenario: string;
  /** Objects of all states, by a hash. */
  objects: Record<string, KubeObject>;
  states: RecordedState[];
  calls: RecordedCall[];
}

interface RecordedState {
  clusters: Record<string, Omit<ClusterState, 'objects'> & { objects: string[] }>;
  certificates: BedState['certificates'];
}

export interface RecordedCall {
  /** Index of the state. */
  state: number;
  /** Index of the state that proxies have run through. @default - they started in `state` */
  prior?: number;
  call: Call;
  result: Pick<CallResult, 'code' | 'error' | 'body' | 'hops' | 'spread'>;
}

/** Gathers a recording; states that repeat are kept once. */
export class Recorder {
  readonly recording: Recording;
  private readonly known = new Map<BedState, number>();

  constructor(scenario: string) {
    this.recording = { scenario, objects: {}, states: [], calls: [] };
  }

  /** @param prior the state before a change that proxies have run through */
  add(state: BedState, call: Call, { code, error, body, hops, spread }: CallResult, prior?: BedState): void {
    const result = { code, error, body: body.slice(0, 2000), hops, spread };
    const before = prior === undefined ? {} : { prior: this.indexOf(prior) };
    this.recording.calls.push({ state: this.indexOf(state), ...before, call, result });
  }

  private indexOf(state: BedState): number {
    const known = this.known.get(state);
    if (known !== undefined) return known;
    const index = this.recording.states.push(this.reduced(state)) - 1;
    this.known.set(state, index);
    return index;
  }

  private reduced({ clusters, certificates }: BedState): RecordedState {
    const each = Object.entries(clusters).map(([name, { objects, ...rest }]) => [
      name,
      { ...rest, objects: objects.map((object) => this.keep(object)) },
    ]);
    return { clusters: Object.fromEntries(each), certificates };
  }

  private keep(object: KubeObject): string {
    const hash = createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 12);
    this.recording.objects[hash] = object;
    return hash;
  }
}

/** A state of a recording as it was. */
export function recordedState({ objects, states }: Recording, index: number): BedState {
  const { clusters, certificates } = states[index];
  const each = Object.entries(clusters).map(([name, cluster]) => [
    name,
    { ...cluster, objects: cluster.objects.map((hash) => objects[hash]) },
  ]);
  return { clusters: Object.fromEntries(each), certificates };
}
