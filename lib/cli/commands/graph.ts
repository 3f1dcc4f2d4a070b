import { exposuresOf } from '../../verify/explore/exposures';
import { Zone } from '../../verify/explore/zone';
import { dot } from '../../verify/graph/dot';
import { mermaid } from '../../verify/graph/mermaid';
import { page } from '../../verify/graph/page';
import { topologyOf } from '../../verify/graph/topology';
import { readSnapshot } from '../../verify/world/snapshot';
import type { Arguments } from '../arguments';
import type { Command, Io } from '../command';
import { EXIT, type ExitCode } from '../exit-code';
import { FACTS, INPUT } from '../input';
import { worldOf } from '../world';
import { kindsOf, refuseStrangers, SELECTION, selected } from './exposures';

/** `multimesh graph`. */
export const graph: Command = {
  usage: '<dir> [options]',
  positionals: { min: 1, max: 1 },
  options: {
    format: { value: 'FORMAT', of: ['mermaid', 'dot', 'html'], help: 'mermaid, dot, or one page of html' },
    ...SELECTION,
    facts: FACTS,
  },
  details: `Draws who can call what. The page of html holds everything that it needs: a table
of exposures, each with the stations of a call, and a drawing.

${INPUT}`,
  run(args: Arguments, io: Io): ExitCode {
    const snapshot = readSnapshot(args.positionals[0], args.list('facts'));
    const world = worldOf(snapshot);
    const zone = snapshot.fleet && Zone.ofFleet(snapshot.fleet, world);
    refuseStrangers(args, world);
    const found = selected(exposuresOf(world, { ...kindsOf(args), ...(zone ? { zone } : {}) }), args);
    const format = args.value('format');
    if (format === 'html') io.out(page(found, world));
    else io.out((format === 'dot' ? dot : mermaid)(topologyOf(found.exposures, world)));
    return EXIT.clean;
  },
};
