import { createHash } from 'node:crypto';
import { exposuresOf } from '../../../lib/verify/explore/exposures';
import { Zone } from '../../../lib/verify/explore/zone';
import { dot } from '../../../lib/verify/graph/dot';
import { mermaid } from '../../../lib/verify/graph/mermaid';
import { page } from '../../../lib/verify/graph/page';
import { topologyOf } from '../../../lib/verify/graph/topology';
import { World } from '../../../lib/verify/world/world';
import { golden, goldens } from '../../../tools/oracle/golden';

const worldNamed = (name: string): World => {
  const { facts, resources } = golden(name);
  return new World(facts, resources);
};

const world = worldNamed('07-private-gateways-http');
const found = exposuresOf(world);

test('the topology has every station once, and every leg between two with its TLS', () => {
  const { nodes, edges } = topologyOf(found.exposures, world);
  const labels = nodes.map(({ label }) => label);
  expect(labels).toEqual([...new Set(labels)].sort());
  const legs = edges.map(({ from, to, tls }) => `${from.label} → ${to.label}: ${tls}`);
  expect(legs).toContain('c1/default/sleep → c1/istio-private-gateways/istio-private-egressgateway: ISTIO_MUTUAL');
  expect(legs).toContain(
    'c1/istio-private-gateways/istio-private-egressgateway → c2/istio-private-gateways/istio-private-ingressgateway: MUTUAL',
  );
  expect(nodes.find(({ label }) => label === 'outside of c2')?.cluster).toBeUndefined();
  expect(nodes.find(({ label }) => label === 'c2/bookinfo/ratings-v1')).toMatchObject({ role: 'server', column: 3 });
});

const HOSTILE = `a/b/"]|<script>\`#&\\`;

test('names are text, whatever they are', () => {
  const [one] = found.exposures;
  const topology = topologyOf([{ ...one, server: HOSTILE, via: [] }], world);
  expect(mermaid(topology)).toContain('["b/#34;]#124;#60;script#62;#96;#35;#38;\\"]');
  expect(dot(topology)).toContain('label="b/\\"]|<script>`#&\\\\"');
  const html = page({ ...found, exposures: [{ ...one, server: HOSTILE, via: [], dials: [HOSTILE] }] }, world);
  expect(html.match(/<script>/g)).toHaveLength(1);
  expect(html).toContain('a/b/&quot;]|&lt;script&gt;');
});

test('graphs of nothing are graphs', () => {
  expect(mermaid(topologyOf([], world))).toBe('flowchart LR\n');
  expect(dot(topologyOf([], world))).toBe('digraph exposures {\n  rankdir=LR;\n}\n');
  expect(page({ exposures: [], assumptions: [], unmodelled: [], calls: 0 }, world)).toContain(
    '0 exposures of 2 clusters (c1, c2)',
  );
});

test('the page holds everything itself, and its policy lets nothing else in', () => {
  for (const { facts, resources } of goldens()) {
    const own = new World(facts, resources);
    const html = page(exposuresOf(own), own);
    expect(html).not.toMatch(/\s(src|href)=(?!"#)/);
    expect(html).not.toMatch(/@import|url\((?!#)/);
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, style] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    const [, script] = /<script>([\s\S]*?)<\/script>/.exec(html) ?? [];
    const hash = (text: string) => createHash('sha256').update(text).digest('base64');
    expect(policy).toContain(
      `default-src 'none'; style-src 'sha256-${hash(style)}'; script-src 'sha256-${hash(script)}'`,
    );
    expect(html).not.toMatch(/\sstyle="|\son\w+="/);
  }
});

test('every row has a button, its stations, and a mark where it is outside of the zone', () => {
  const judged = exposuresOf(world, { zone: new Zone([], world) });
  const html = page(judged, world);
  expect(html.match(/aria-controls="hops\d+"/g)).toHaveLength(judged.exposures.length);
  expect(html.match(/<tr class="hops" id="hops\d+">/g)).toHaveLength(judged.exposures.length);
  const outside = judged.exposures.filter(({ isOutside }) => isOutside).length;
  expect(outside).toBeGreaterThan(0);
  expect(html.match(/outside of the zone<\/strong>/g)).toHaveLength(outside);
  expect(html).toContain('VirtualService default/httpbin @c1 spec.http[0].match[0]');
});
