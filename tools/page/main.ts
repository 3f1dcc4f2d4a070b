import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exposuresOf } from '../../lib/verify/explore/exposures';
import { Zone } from '../../lib/verify/explore/zone';
import { page } from '../../lib/verify/graph/page';
import { readSnapshot } from '../../lib/verify/world/snapshot';
import { World } from '../../lib/verify/world/world';
import { CHECKS } from './checks';
import { Chromium } from './chromium';
import { Tab } from './tab';

// `npm run page` looks at the page of `multimesh graph --format html` in a real Chromium.
// `npm run page -- --screenshot` also makes the picture of docs/exposures.md anew.

const ROOT = join(__dirname, '..', '..');
const EXAMPLE = join(ROOT, 'dist', 'partner-agency', 'option-3');
const PICTURE = join(ROOT, 'docs', 'images', 'exposures.png');

/** The page of an example, with the zone of its fleet. */
function example(): string {
  const { facts, resources, fleet } = readSnapshot(EXAMPLE);
  const world = new World(facts, resources);
  return page(exposuresOf(world, fleet ? { zone: Zone.ofFleet(fleet, world) } : {}), world);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  const file = join(folder, 'page.html');
  writeFileSync(file, example());
  const url = pathToFileURL(file).href;
  const chromium = new Chromium();
  let failed = 0;
  try {
    for (const [sentence, check] of Object.entries(CHECKS)) {
      try {
        await check(chromium, url);
        console.log(`ok    ${sentence}`);
      } catch (error) {
        failed++;
        console.log(`FAIL  ${sentence}\n      ${(error as Error).message.replaceAll('\n', '\n      ')}`);
      }
    }
    if (process.argv.includes('--screenshot')) await screenshot(chromium, url);
  } finally {
    await chromium.close();
    rmSync(folder, { recursive: true });
  }
  console.log(`${Object.keys(CHECKS).length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** The rows of calls between the clusters, of which one is opened. */
async function screenshot(chromium: Chromium, url: string): Promise<void> {
  const tab = await Tab.open(chromium, url);
  const size = { width: 1200, height: 760, deviceScaleFactor: 1, mobile: false };
  await tab.send('Emulation.setDeviceMetricsOverride', size);
  await tab.value(`document.getElementById('filter').focus()`);
  await tab.type('partner-egress');
  await tab.click('tr.exposure:not([hidden]) button');
  await tab.value(`scrollTo(0, 0)`);
  mkdirSync(dirname(PICTURE), { recursive: true });
  writeFileSync(PICTURE, await tab.screenshot());
  console.log(`wrote ${PICTURE}`);
}

main().catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
});
