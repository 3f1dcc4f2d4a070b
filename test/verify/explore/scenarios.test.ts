import { run } from '../../../lib/cli/run';
import { scenarios } from '../../../scenarios';

// `multimesh exposures` holds what can be called against what peerings allow, with stand-ins for what nobody wrote down.

test.each(Object.keys(scenarios))('%s exposes nothing that its program does not state', (name) => {
  const printed: string[] = [];
  const write = (text: string) => void printed.push(text);
  const code = run(['exposures', `dist/${name}`], { out: write, err: write, hasColour: false });
  expect({ code, printed: code === 0 ? [] : printed }).toEqual({ code: 0, printed: [] });
});
