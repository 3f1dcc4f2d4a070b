/** Colours have a contrast of at least 4.5 to 1, in light and dark. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --line: #8b949e; --soft: #f3f5f7; --accent: #0550ae; --bad: #a40e26; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #0d1117; --line: #6e7681; --soft: #161b22; --accent: #79c0ff; --bad: #ff9aa2; } }
body { margin: 0 auto; max-width: 100rem; padding: 1rem; font: 1rem/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.2rem; }
a { color: var(--accent); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; min-width: 9rem; }
thead th { background: var(--soft); }
tr.hops > td { background: var(--soft); }
tr.hops ul { margin: 0; padding-left: 1.2rem; }
button.row { font: inherit; font-weight: 600; color: var(--accent); background: none; border: 0; padding: 0; text-align: left; cursor: pointer; overflow-wrap: anywhere; }
button.row::before { content: "\\25BE\\00A0"; } button.row[aria-expanded="false"]::before { content: "\\25B8\\00A0"; }
.outside { display: block; color: var(--bad); }
input { font: inherit; padding: .2rem .4rem; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } svg .tls { font-size: 11px; }
svg .node { fill: var(--soft); stroke: var(--line); } svg .cluster { fill: none; stroke: var(--line); stroke-dasharray: 4 3; }
svg .edge { fill: none; stroke: var(--line); stroke-width: 1.5; } svg .clear { stroke: var(--bad); stroke-dasharray: 5 3; }
svg marker path { fill: var(--line); }
`;

/** Closes rows, opens the one that is clicked, and filters. */
export const SCRIPT = `
'use strict';
const rows = [...document.querySelectorAll('tr.exposure')].map((row) => {
  const button = row.querySelector('button');
  return { row, button, hops: document.getElementById(button.getAttribute('aria-controls')) };
});
const input = document.getElementById('filter');
const output = document.getElementById('shown');
function show() {
  const wanted = input.value.trim().toLowerCase();
  let shown = 0;
  for (const { row, button, hops } of rows) {
    row.hidden = wanted !== '' && !row.textContent.toLowerCase().includes(wanted);
    hops.hidden = row.hidden || button.getAttribute('aria-expanded') !== 'true';
    if (!row.hidden) shown++;
  }
  output.textContent = shown + ' of ' + rows.length + ' rows';
}
for (const { row, button } of rows) {
  button.setAttribute('aria-expanded', 'false');
  row.addEventListener('click', () => {
    if (String(getSelection()) !== '') return;
    button.setAttribute('aria-expanded', String(button.getAttribute('aria-expanded') !== 'true'));
    show();
  });
}
input.addEventListener('input', show);
show();
`;
