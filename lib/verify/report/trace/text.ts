import type { Way } from '../../run/client';
import { TRACE_CODES } from '../../run/codes';
import { describeOutcome, type Outcome } from '../../run/outcome';
import { describeAmbiguity, type Trace } from '../../trace';
import type { Ref } from '../../world/resource';
import { type Palette, PLAIN } from '../colour';
import type { SourceLines } from '../source-line';
import { WIDTH, wrap } from '../wrap';
import { decidingRef, decidingRefs } from './deciding';
import { labelOf, shownHops, whatItDoes } from './hop';

/** How a trace is printed. */
export interface ExplainOptions {
  readonly lines: SourceLines;
  /** @default none */
  readonly palette?: Palette;
  /** Whether each hop shows every field that had a part in it, not just the one that decided. @default false */
  readonly isVerbose?: boolean;
}

/** Where the text of a hop begins. */
const COLUMN = 28;

/**
 * A trace for people: the outcome, then two lines per hop, what it does and the field that says so. A failure ends with
 * why, its code and the fix.
 */
export function explain(trace: Trace, options: ExplainOptions): string {
  const { ways, assumptions, unmodelled, ambiguous, suspects = [] } = trace;
  const [way, ...others] = ways;
  const text = [
    heading(trace, options.palette ?? PLAIN),
    ...hopsOf(way, options),
    ...failure(way, options.palette ?? PLAIN),
    ...unnamed(way),
    ...absent(suspects, options),
    ...others.map((other) => wrap(`or, ${percent(other)}: ${ending(other.outcome)}${via(other)}`, ' ', '   ')),
    ...assumptions.map((what) => wrap(`assumes: ${what}`, ' ', '   ')),
    ...unmodelled.map(({ object, field, note }) =>
      wrap(`not modelled: ${object} ${field}${note ? ` (${note})` : ''}`, ' ', '   '),
    ),
    ...(ambiguous ? [wrap(describeAmbiguity(ambiguous), ' ', '   ')] : []),
  ];
  return `${text.join('\n')}\n`;
}

function heading({ call, outcome, ways }: Trace, palette: Palette): string {
  const { from, method = 'GET', url } = call;
  const left = `${from} → ${method === 'GET' ? '' : `${method} `}${url}`;
  const right = `${ending(outcome)}${ways.length > 1 ? ` (${percent(ways[0])})` : ''}`;
  const coloured = (isGood(outcome) ? palette.good : palette.bad)(right);
  if (left.length + right.length + 2 > WIDTH)
    return `${left}\n${' '.repeat(Math.max(WIDTH - right.length, 2))}${coloured}`;
  return `${left}${' '.repeat(WIDTH - left.length - right.length)}${coloured}`;
}

const isGood = ({ code, grpcStatus = 0 }: Outcome): boolean =>
  grpcStatus === 0 && (code === 'ok' || (code ?? 500) < 400);

/** `200  insurances premium @ c2`. */
function ending(outcome: Outcome): string {
  const { served } = outcome;
  if (!served) return describeOutcome(outcome);
  const [cluster] = served.workload.split('/');
  return `${describeOutcome(outcome)}  ${[served.app, served.version].filter(Boolean).join(' ')} @ ${cluster}`;
}

const percent = ({ probability }: Way): string => `${Math.round(probability * 100)} %`;

const via = (way: Way): string => ` via ${shownHops(way).map(labelOf).join(', ')}`;

function hopsOf(way: Way, { lines, isVerbose = false, palette = PLAIN }: ExplainOptions): string[] {
  return shownHops(way).flatMap((hop, index) => {
    const label = `${String(index + 1).padStart(2)} ${labelOf(hop)}  `;
    const flag = hop.flag ? `[${hop.flag}] ` : '';
    const first = besides(label, `${flag}${whatItDoes(hop)}`);
    const one = decidingRef(hop);
    const refs = isVerbose ? decidingRefs(hop) : one ? [one] : [];
    return [first, ...refs.map((ref) => refLine(ref, lines, palette))];
  });
}

/** A text that goes on below its beginning; below the label where that is long, or a word is. */
function besides(label: string, text: string): string {
  const aligned = wrap(text, label.padEnd(COLUMN), ' '.repeat(COLUMN));
  const fits = label.length <= COLUMN && aligned.split('\n').every((line) => line.length <= WIDTH);
  return fits ? aligned : wrap(text, label.padEnd(COLUMN), '      ');
}

/** The field, and at the right its place in the file; on a line of its own where both do not fit. */
function refLine(ref: Ref, lines: SourceLines, palette: Palette): string {
  const { object, field, note } = ref;
  // the hop says which cluster it is in
  const what = `      ${object.replace(/ @\S+$/, '')}  ${field}${note ? ` (${note})` : ''}`.trimEnd();
  const where = lines.of(ref);
  if (where === undefined) return what;
  const room = WIDTH - where.length;
  if (what.length + 2 <= room) return `${what.padEnd(room)}${palette.faint(where)}`;
  return `${what}\n${' '.repeat(Math.max(room, 6))}${palette.faint(where)}`;
}

/** A policy denies a client whose certificate is in a Secret that no fact states: it may have the name that is asked for. */
function unnamed({ hops }: Way): string[] {
  const isUnnamed = hops.some(
    ({ failure, received }) => failure?.code === 'MESH-T301' && received?.presented?.length === 0,
  );
  return isUnnamed
    ? [
        wrap(
          "unknown: the names in the client's certificate; if policies ask for them, state its Secret (--facts)",
          ' ',
          '   ',
        ),
      ]
    : [];
}

/** What took no part, why, and where it stands. */
const absent = (suspects: readonly Ref[], { lines, palette = PLAIN }: ExplainOptions): string[] =>
  suspects.length === 0 ? [] : [' took no part:', ...suspects.map((ref) => refLine(ref, lines, palette))];

function failure({ hops }: Way, palette: Palette): string[] {
  const failed = [...hops].reverse().find((hop) => hop.failure)?.failure;
  if (!failed) return [];
  const { title, fix } = TRACE_CODES[failed.code];
  const head = `${failed.code}: `;
  return [
    ` ${palette.bad(failed.code)}: ${wrap(`${head}${title}`, ' ', '   ').slice(head.length + 1)}`,
    wrap(`fix: ${fix}`, ' ', '   '),
  ];
}
