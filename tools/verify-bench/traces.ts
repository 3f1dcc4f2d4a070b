/** Makes many calls in a large world, and prints what they took as JSON; a process of its own, for its memory. */

import { Tracer } from '../../lib/verify/trace';
import { resource } from '../../lib/verify/world/resource';
import { World } from '../../lib/verify/world/world';
import { estate, manifests } from './manifests';

const [objects, calls] = process.argv.slice(2).map(Number);
const size = estate(objects);
const { clusters, namespaces, apps } = size;
const resources = clusters.flatMap((cluster) =>
  namespaces.flatMap((namespace) =>
    manifests(namespace, size).map((one) => resource(cluster, one as Parameters<typeof resource>[1])),
  ),
);

const before = process.cpuUsage();
const meshes = Object.fromEntries(clusters.map((cluster) => [cluster, {}]));
const tracer = new Tracer(new World({ meshes }, resources));
const codes = new Map<string, number>();
for (let index = 0; index < calls; index++) {
  const cluster = clusters[index % clusters.length];
  const from = namespaces[(index * 7) % namespaces.length];
  // every third call crosses namespaces, which policies deny
  const to = index % 3 === 0 ? namespaces[(index * 11) % namespaces.length] : from;
  const [caller, callee] = [apps[(index * 3) % apps.length], apps[(index * 5) % apps.length]];
  const { outcome } = tracer.trace({ from: `${cluster}/${from}/${caller}`, url: `http://${callee}.${to}:8080/v1/x` });
  const code = String(outcome.code ?? outcome.error);
  codes.set(code, (codes.get(code) ?? 0) + 1);
}
const { user, system } = process.cpuUsage(before);
const seconds = (user + system) / 1e6;
const mebibytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ objects: resources.length, seconds, mebibytes, codes: Object.fromEntries(codes) }));
