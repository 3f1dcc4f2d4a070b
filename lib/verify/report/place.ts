import type { Ref } from '../world/resource';
import type { SourceLines } from './source-line';

/** A field of an object and where it stands, as documents say it. */
export interface Place {
  /** `Kind namespace/name @cluster`. */
  readonly object: string;
  /** Path of the field; empty for the whole object. */
  readonly field: string;
  readonly note?: string;
  /** The file that holds it, as the command line led to it. */
  readonly file?: string;
  /** Line of the field, from 1. */
  readonly line?: number;
}

/** A reference with the line of its field. */
export function placeOf(ref: Ref, lines: SourceLines): Place {
  const { object, field, note, source } = ref;
  const line = lines.lineOf(ref);
  return {
    object,
    field,
    ...(note === undefined ? {} : { note }),
    ...(source && line !== undefined ? { file: source.file.replaceAll('\\', '/'), line } : {}),
  };
}
