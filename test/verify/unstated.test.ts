import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge } from '../../lib/verify/judge';
import { readSnapshot } from '../../lib/verify/world/snapshot';
import { temporaryFolder } from '../support/model';

// Manifests of two clusters without a word of facts: what callers dial, which load balancer has an address and who signs for
// the workloads is assumed, and said; what breaks the transport shows all the same.

const GOLDEN = join(__dirname, '../../testbed/golden');

/** Manifests of a golden scenario, after a change of one text in one file. */
function judged(golden: string, file = '', change: readonly [string, string] = ['', '']) {
  const folder = temporaryFolder();
  for (const cluster of readdirSync(join(GOLDEN, golden)).filter((name) => /^c\d$/.test(name))) {
    cpSync(join(GOLDEN, golden, cluster), join(folder, cluster), { recursive: true });
  }
  if (file !== '') {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(change[0]);
    writeFileSync(path, text.replace(...change));
  }
  return judge(readSnapshot(folder));
}

test.each(['11-shared-root-auto-passthrough', '16-federation-end-to-end'])(
  '%s is sound, as it is assumed',
  (golden) => {
    const { findings, assumptions } = judged(golden);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(assumptions.join('\n')).toMatch(
      /the certificate authority of the others, as a Gateway with AUTO_PASSTHROUGH/,
    );
    expect(assumptions.join('\n')).toMatch(/in c1 .*httpbin\.bar.* to the address that its ServiceEntry states/);
  },
);

const SHARED = '11-shared-root-auto-passthrough';
const FEDERATION = '16-federation-end-to-end';

test.each([
  [SHARED, 'c1/30-remote.yaml', ['mode: ISTIO_MUTUAL', 'mode: SIMPLE'], /no filter chain for TLS with SNI/],
  [SHARED, 'c1/30-remote.yaml', ['mode: ISTIO_MUTUAL', 'mode: DISABLE'], /http:\/\/httpbin\.bar\.cluster2:8000/],
  [SHARED, 'c1/30-remote.yaml', ['http: 15443', 'http: 15444'], /has no port 15444/],
  [SHARED, 'c1/30-remote.yaml', ['number: 8000', 'number: 8001'], /outbound_\.8001_\._\.httpbin\.bar\.cluster2/],
  [SHARED, 'c2/30-expose.yaml', ['AUTO_PASSTHROUGH', 'PASSTHROUGH'], /istio-ingressgateway/],
  [SHARED, 'c2/30-expose.yaml', ['mode: ISTIO_MUTUAL', 'mode: SIMPLE'], /has no endpoint with the mTLS of the mesh/],
  [SHARED, 'c2/30-expose.yaml', ['tlsMode: istio', 'tlsMode: none'], /has no endpoint with the mTLS of the mesh/],
  [SHARED, 'c2/30-expose.yaml', ['number: 15443', 'number: 15444'], /./],
  [FEDERATION, 'c1/30-import.yaml', ['15443', '15444'], /15444/],
] as const)('%s, %s: %j shows, as a warning', (golden, file, change, text) => {
  const found = judged(golden, file, change).findings.filter(({ code }) => code === 'MESH3080');
  expect(found.map(({ severity }) => severity)).toContain('warning');
  expect(found.map(({ message }) => message).join('\n')).toMatch(text);
});
