import { createHash } from 'node:crypto';
import type { Exposure, Exposures } from '../explore/exposures';
import { describeCallers } from '../explore/who';
import { hopLine, identityLine, requestLines, wayLine } from '../report/exposures/words';
import type { World } from '../world/world';
import { drawing } from './drawing';
import { escaped } from './escaped';
import { SCRIPT, STYLE } from './page-assets';
import { topologyOf } from './topology';

/**
 * One self-contained HTML page: the exposures as a table, each with its stations, then the topology. It loads nothing, its
 * own policy forbids it; without scripts all stations are shown.
 */
export function page({ exposures, assumptions, unmodelled, calls }: Exposures, world: World): string {
  const clusters = world.clusterNames.sort();
  const summary = `${counted(exposures.length, 'exposure')} of ${counted(clusters.length, 'cluster')} (${clusters.join(', ')}), found by ${counted(calls, 'call')}.`;
  const policy = `default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>Who can call what</title>',
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<header>',
    '<h1>Who can call what</h1>',
    `<p>${escaped(summary)}</p>`,
    '<p><a href="#topology">Topology</a></p>',
    '</header>',
    '<main>',
    ...table(exposures, world),
    '<section aria-labelledby="topology">',
    '<h2 id="topology">Topology</h2>',
    drawing(topologyOf(exposures, world)),
    '</section>',
    ...notes('Assumed', assumptions),
    ...notes(
      'Not modelled',
      unmodelled.map(({ object, field, note }) => `${object} ${field}${note ? ` (${note})` : ''}`),
    ),
    '</main>',
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

const COLUMNS = ['Server', 'Callers', 'Requests', 'Way', 'Identity'];

function table(exposures: readonly Exposure[], world: World): string[] {
  return [
    '<section aria-labelledby="exposures">',
    '<h2 id="exposures">Exposures</h2>',
    '<p><label>Show rows with <input type="search" id="filter" autocomplete="off"></label> <output id="shown" for="filter"></output></p>',
    '<div class="scroll" role="region" aria-labelledby="exposures" tabindex="0">',
    '<table>',
    `<thead><tr>${COLUMNS.map((one) => `<th scope="col">${one}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...exposures.flatMap((one, index) => rows(one, index + 1, world)),
    '</tbody>',
    '</table>',
    '</div>',
    '</section>',
  ];
}

function rows(exposure: Exposure, number: number, world: World): string[] {
  const { server, port, callers, dials, hops, isApproximate, isOutside } = exposure;
  const open = `<button type="button" class="row" aria-expanded="true" aria-controls="hops${number}">${escaped(`${server}:${port}`)}</button>`;
  const mark = isOutside ? ' <strong class="outside">outside of the zone</strong>' : '';
  const about = isApproximate ? [...requestLines(exposure), '(about)'] : requestLines(exposure);
  const cells = [
    `<th scope="row">${open}${mark}</th>`,
    `<td>${escaped(describeCallers(callers, world))}</td>`,
    `<td>${about.map(escaped).join('<br>')}</td>`,
    `<td>${escaped(wayLine(exposure))}</td>`,
    `<td>${escaped(identityLine(exposure))}</td>`,
  ];
  const stations = hops.map(
    (hop) =>
      `<li>${escaped(hopLine(hop))}${fields(hop.refs.map(({ object, field }) => `${object} ${field}`.trim()))}</li>`,
  );
  return [
    `<tr class="exposure${isOutside ? ' finding' : ''}">${cells.join('')}</tr>`,
    `<tr class="hops" id="hops${number}"><td colspan="${COLUMNS.length}"><p>Dialled as ${dials.map((url) => `<code>${escaped(url)}</code>`).join(', ')}</p><ol>${stations.join('')}</ol></td></tr>`,
  ];
}

const fields = (refs: readonly string[]): string => {
  const distinct = [...new Set(refs)];
  return distinct.length === 0
    ? ''
    : `<ul>${distinct.map((one) => `<li><code>${escaped(one)}</code></li>`).join('')}</ul>`;
};

const notes = (title: string, list: readonly string[]): string[] =>
  list.length === 0
    ? []
    : [
        '<section>',
        `<h2>${title}</h2>`,
        `<ul>${list.map((one) => `<li>${escaped(one)}</li>`).join('')}</ul>`,
        '</section>',
      ];

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;
