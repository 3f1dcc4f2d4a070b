import { strict as assert } from 'node:assert';
import type { Chromium } from './chromium';
import { Tab } from './tab';

/** What is true of the page, by sentence. */
export const CHECKS: Readonly<Record<string, (chromium: Chromium, url: string) => Promise<void>>> = {
  'it loads without an error, and asks for nothing but itself': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    assert.deepEqual(tab.errors, []);
    assert.deepEqual(tab.requests, [url]);
  },
  'its policy lets no other script run': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    await tab.value(
      `(() => { const s = document.createElement('script'); s.textContent = 'window.strange = 1'; document.body.append(s); })()`,
    );
    assert.equal(await tab.value('typeof window.strange'), 'undefined');
    assert.equal(tab.errors.length > 0, true);
  },
  'the stations of a row are there once it is clicked, and gone when it is clicked again': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    assert.deepEqual(await tab.value(OPEN), []);
    await tab.click('tr.exposure:nth-of-type(3) td:nth-of-type(1)');
    assert.deepEqual(await tab.value(OPEN), ['hops2']);
    assert.equal(
      await tab.value(`document.querySelector('[aria-controls=hops2]').getAttribute('aria-expanded')`),
      'true',
    );
    assert.equal(await tab.value(`document.querySelectorAll('#hops2 ol > li').length > 0`), true);
    await tab.click('tr.exposure:nth-of-type(3) td:nth-of-type(1)');
    assert.deepEqual(await tab.value(OPEN), []);
  },
  'a keyboard does the same': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    await tab.value(`document.querySelector('button.row').focus()`);
    await tab.press('Enter');
    assert.deepEqual(await tab.value(OPEN), ['hops1']);
    // from the link on, every stop is one that people can see and name
    await tab.value(`document.querySelector('a').focus()`);
    for (let stops = 0; stops < 5; stops++) {
      await tab.press('Tab');
      const focus = await tab.value<string>(`document.activeElement.outerHTML.slice(0, 40)`);
      assert.match(focus, /^<(input|button|div class="scroll")/);
    }
  },
  'a filter leaves the rows that have its text, and says how many': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    const rows = await tab.value<number>(`document.querySelectorAll('tr.exposure').length`);
    const wanted = await tab.value<number>(
      `[...document.querySelectorAll('tr.exposure')].filter((row) => row.textContent.toLowerCase().includes('get /insurances')).length`,
    );
    assert.equal(wanted > 0 && wanted < rows, true);
    await tab.value(`document.getElementById('filter').focus()`);
    await tab.type('GET /insurances');
    assert.equal(
      await tab.value(`[...document.querySelectorAll('tr.exposure')].filter((row) => !row.hidden).length`),
      wanted,
    );
    assert.equal(await tab.value(`document.getElementById('shown').textContent`), `${wanted} of ${rows} rows`);
  },
  'without scripts everything is shown': async (chromium, url) => {
    const tab = await Tab.open(chromium, url, { withScripts: false });
    const { root } = await tab.send<{ root: { nodeId: number } }>('DOM.getDocument');
    const { nodeIds } = await tab.send<{ nodeIds: number[] }>('DOM.querySelectorAll', {
      nodeId: root.nodeId,
      selector: 'tr.hops',
    });
    assert.equal(nodeIds.length > 0, true);
    for (const nodeId of nodeIds) {
      const { model } = await tab.send<{ model: { height: number } }>('DOM.getBoxModel', { nodeId });
      assert.equal(model.height > 0, true);
    }
  },
  'assistive technology finds names for what one can use': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    const { nodes } = await tab.send<{ nodes: AxNode[] }>('Accessibility.getFullAXTree');
    const named = (role: string) =>
      nodes.filter((one) => one.role?.value === role && !one.ignored).map((one) => one.name?.value ?? '');
    assert.deepEqual(named('heading').slice(0, 3), ['Who can call what', 'Exposures', 'Topology']);
    assert.equal(named('columnheader').length, 5);
    assert.equal(named('searchbox').concat(named('textbox'))[0], 'Show rows with');
    const buttons = named('button');
    assert.equal(buttons.length > 0 && buttons.every((name) => name.includes('/')), true);
    assert.equal(
      named('image')
        .concat(named('img'))
        .some((name) => name.includes('legs between them')),
      true,
    );
  },
  'text has a contrast of 4.5 to 1, in light and dark': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    for (const scheme of ['light', 'dark']) {
      await tab.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
      const ratios = await tab.value<Record<string, number>>(CONTRASTS);
      for (const [pair, ratio] of Object.entries(ratios))
        assert.equal(ratio >= 4.5, true, `${scheme} ${pair} has ${ratio}`);
    }
  },
  'nothing sticks out of a window of 640 pixels': async (chromium, url) => {
    const tab = await Tab.open(chromium, url);
    await tab.send('Emulation.setDeviceMetricsOverride', {
      width: 640,
      height: 900,
      deviceScaleFactor: 1,
      mobile: false,
    });
    assert.equal(await tab.value(`document.documentElement.scrollWidth <= 640`), true);
  },
};

interface AxNode {
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly ignored?: boolean;
}

const OPEN = `[...document.querySelectorAll('tr.hops')].filter((row) => row.checkVisibility()).map((row) => row.id)`;

/** Relative luminance and contrast as WCAG 2.2 defines them. */
const CONTRASTS = `(() => {
  const value = (name) => { const e = document.createElement('span'); e.className = 'probe'; document.body.append(e); const sheet = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim(); e.remove(); return sheet; };
  const channels = (hex) => { const h = hex.slice(1); const full = h.length === 3 ? [...h].map((c) => c + c).join('') : h; return [0, 2, 4].map((i) => parseInt(full.slice(i, i + 2), 16) / 255); };
  const light = (hex) => { const [r, g, b] = channels(hex).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ratio = (a, b) => { const [x, y] = [light(value(a)), light(value(b))].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  return Object.fromEntries([['ink', 'paper'], ['ink', 'soft'], ['accent', 'paper'], ['bad', 'paper']].map(([a, b]) => [a + ' on ' + b, ratio(a, b)]));
})()`;
