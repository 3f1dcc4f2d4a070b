import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Agreement } from './agreement';
import { Foreseen } from './foreseen';
import { type RecordedCall, type Recording, recordedState } from './recording';

/** A recorded call, and how what was foreseen of it compares today. */
export interface Replayed {
  number: number;
  recorded: RecordedCall;
  agreement: Agreement;
}

export const readRecording = (file: string): Recording => JSON.parse(gunzipSync(readFileSync(file)).toString());

export const recordingsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => path.join(folder, name));

/** Foresees recorded calls anew. */
export function replay(recording: Recording): Replayed[] {
  const states = new Map<string, Foreseen>();
  return recording.calls.map((recorded, number) => {
    const { state, prior, call, result } = recorded;
    const before = prior === undefined ? undefined : recordedState(recording, prior);
    const foreseen = states.get(`${prior} ${state}`) ?? new Foreseen(recordedState(recording, state), before);
    states.set(`${prior} ${state}`, foreseen);
    return { number, recorded, agreement: foreseen.compare(call, result, foreseen.traces(call)) };
  });
}
