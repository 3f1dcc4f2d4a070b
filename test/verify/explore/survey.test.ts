import { type Answer, type Cell, type Sample, textAnswers } from '../../../lib/verify/explore/cells';
import type { Reach } from '../../../lib/verify/explore/reach';
import { Survey, type Surveyed } from '../../../lib/verify/explore/survey';
import { fitsAnswers } from '../../../lib/verify/explore/texts';
import { Engine } from '../../../lib/verify/run/engine';
import type { FreePart, Recorder } from '../../../lib/verify/run/origin';
import { inCidr } from '../../../lib/verify/world/addresses';
import { World } from '../../../lib/verify/world/world';
import { randomWorld } from '../../../tools/oracle/generator/generate';
import { type Golden, goldens } from '../../../tools/oracle/golden';
import { Random } from '../../../tools/random';

const DEAF: Recorder = { note: () => undefined, blur: () => undefined };
const MOST_COMBINATIONS = 300;

/** All combinations of what the samples of a survey are made of: what the explorer leaves out is among them. */
function combinations({ cells, domain }: Surveyed): Sample[] {
  const samples = cells.map(({ sample }) => sample);
  const parts = [...new Set(samples.flatMap((one) => [...one.parts]))];
  const texts = parts.map((part) =>
    [...new Set(samples.map((one) => one.text(part)))].map((text) => [part, text] as const),
  );
  const callers = domain.callers.length > 0 ? domain.callers.slice(0, 4) : [undefined];
  let made: { texts: Map<FreePart, string | undefined> }[] = [{ texts: new Map() }];
  for (const values of texts) {
    made = made.flatMap((one) => values.map(([part, text]) => ({ texts: new Map([...one.texts, [part, text]]) })));
  }
  const roots = [...new Set(samples.map(({ root }) => root))];
  const addresses = [...new Set(samples.map(({ address }) => address))];
  const usual = samples[0];
  const tokens = [...new Map(samples.map(({ claims }) => [JSON.stringify(claims), claims])).values()];
  const all = made.flatMap((one) =>
    callers.flatMap((caller) =>
      roots.flatMap((root) =>
        addresses.flatMap((address) =>
          tokens.map(
            (claims): Sample => ({
              ...{ caller, root, address, claims, parts },
              text: (part) => (one.texts.has(part) ? one.texts.get(part) : usual.text(part)),
            }),
          ),
        ),
      ),
    ),
  );
  const stride = Math.max(1, Math.ceil(all.length / MOST_COMBINATIONS));
  return all.filter((_, index) => index % stride === 0);
}

function isIn({ answers }: Cell<unknown>, { domain }: Surveyed, sample: Sample): boolean {
  const texts = [...textAnswers(answers)].every(([part, list]) => fitsAnswers(sample.text(part), list));
  const others = answers.every((one: Answer) => {
    const { question, answer } = one;
    if (question.about === 'root') return question.roots.includes(sample.root) === answer;
    if (question.about === 'address') return inCidr(sample.address, question.block) === answer;
    if (question.about === 'caller')
      return sample.caller !== undefined && domain.callersWith([one]).includes(sample.caller);
    return true;
  });
  return texts && others;
}

const serversOf = (found: Reach | undefined) => JSON.stringify(found?.reached ?? []);

/** Cells are disjoint, hold every call, and say of each what the engine does with it. */
function compare(world: World, context: object): number {
  const engine = new Engine(world);
  let compared = 0;
  for (const surveyed of new Survey([engine]).all()) {
    if (surveyed.cells.some(({ isApproximate }) => isApproximate)) continue;
    for (const sample of combinations(surveyed)) {
      const holding = surveyed.cells.filter((cell) => isIn(cell, surveyed, sample));
      const texts = sample.parts.map((part) => `${part}=${sample.text(part)}`);
      const what = { ...context, url: surveyed.url, from: sample.caller?.id, root: sample.root, texts };
      expect({ ...what, cells: holding.length }).toEqual({ ...what, cells: 1 });
      const made = surveyed.make(sample, () => DEAF);
      expect({ ...what, reached: serversOf(made[0]) }).toEqual({ ...what, reached: serversOf(holding[0].result[0]) });
      compared++;
    }
  }
  return compared;
}

test.each(goldens().map((golden): [string, Golden] => [golden.name, golden]))(
  'what is explored of golden %s is what every combination of all representatives gives',
  (_, { facts, resources }) => {
    expect(compare(new World(facts, resources), {})).toBeGreaterThan(10);
  },
);

test('what is explored of random worlds is what every combination of all representatives gives', () => {
  let compared = 0;
  for (const [index, golden] of goldens().entries()) {
    const seed = 1400 + index;
    const { facts, resources } = randomWorld(golden, new Random(seed));
    if (!golden.resources.every((one) => resources.includes(one))) continue;
    compared += compare(new World(facts, resources), { seed });
  }
  expect(compared).toBeGreaterThan(300);
});

test('a world costs few calls', () => {
  for (const { name, facts, resources } of goldens()) {
    const survey = new Survey([new Engine(new World(facts, resources))]);
    for (const _ of survey.all());
    expect({ name, isFew: survey.explorer.calls >= 20 && survey.explorer.calls <= 130 }).toEqual({ name, isFew: true });
  }
});
