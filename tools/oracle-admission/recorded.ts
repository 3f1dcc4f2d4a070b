import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kinds } from '../../imports/schema';
import { cacheFolder, ISTIO_MODULE } from '../go';
import { go, moduleFolder } from './go';
import type { Document } from './oracle';

/** Calls that are put at the beginning of functions of Istio's package `validation`: file, function, call. */
const HOOKS: readonly (readonly [file: string, signature: RegExp, call: string])[] = [
  ['validation.go', /return func\(config config\.Config\) \(Warning, error\) \{/, 'RecordConfig(config)'],
  ['envoyfilter/envoyfilter.go', /^func validateEnvoyFilter\(.*\{$/m, 'validation.RecordConfig(cfg)'],
  ['virtualservice.go', /^func validateHTTPRoute\(.*\{$/m, 'recordHTTPRoute(http, delegate)'],
  ['validation.go', /^func validateServer\(.*\{$/m, 'recordServer(server)'],
  ['validation.go', /^func validateTLSOptions\(.*\{$/m, 'recordServerTLS(tls)'],
  ['validation.go', /^func validateTrafficPolicy\(.*\{$/m, 'recordTrafficPolicy(policy)'],
  [
    'validation.go',
    /^func validateConnectionPool\(.*\{$/m,
    'recordTrafficPolicy(&networking.TrafficPolicy{ConnectionPool: settings})',
  ],
  [
    'validation.go',
    /^func validateOutlierDetection\(.*\{$/m,
    'recordTrafficPolicy(&networking.TrafficPolicy{OutlierDetection: outlier})',
  ],
  [
    'validation.go',
    /^func validateLoadBalancer\(.*\{$/m,
    'recordTrafficPolicy(&networking.TrafficPolicy{LoadBalancer: settings, OutlierDetection: outlier})',
  ],
  [
    'validation.go',
    /^func validateCORSPolicy\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.CorsPolicy = policy })',
  ],
  [
    'validation.go',
    /^func validateHTTPFaultInjection\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Fault = fault })',
  ],
  [
    'validation.go',
    /^func validateHTTPFaultInjectionAbort\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Fault = &networking.HTTPFaultInjection{Abort: abort} })',
  ],
  [
    'validation.go',
    /^func validateHTTPFaultInjectionDelay\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Fault = &networking.HTTPFaultInjection{Delay: delay} })',
  ],
  [
    'validation.go',
    /^func validateHTTPRetry\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Retries = retries })',
  ],
  [
    'validation.go',
    /^func validateHTTPRewrite\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Rewrite = rewrite })',
  ],
  [
    'validation.go',
    /^func validateHTTPMirrors\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Mirrors = mirrors })',
  ],
  [
    'validation.go',
    /^func validateHTTPRouteDestinations\(.*\{$/m,
    'recordRoute(func(route *networking.HTTPRoute) { route.Route = weights })',
  ],
  [
    'validation.go',
    /^func validateHTTPRedirect\(.*\{$/m,
    'recordHTTPRoute(&networking.HTTPRoute{Redirect: redirect, Match: matches}, false)',
  ],
  [
    'validation.go',
    /^func validateHTTPDirectResponse\(.*\{$/m,
    'recordHTTPRoute(&networking.HTTPRoute{DirectResponse: directResponse}, false)',
  ],
];

interface Recorded {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: unknown;
}

/** The documents that Istio's own tests of its validation ask about: a copy of Istio writes them down while it tests. */
export function recordedDocuments(): Document[] {
  const folder = join(cacheFolder('oracle-admission'), 'recorded');
  const copy = join(folder, 'istio');
  const documents = join(folder, 'documents.jsonl');
  rmSync(folder, { recursive: true, force: true });
  cpSync(moduleFolder('istio.io/istio'), copy, { recursive: true, filter: isNeeded });
  spawnSync('chmod', ['-R', 'u+w', copy]);
  const validation = join(copy, 'pkg', 'config', 'validation');
  copyFileSync(join(__dirname, 'record', 'record.go'), join(validation, 'record.go'));
  for (const file of new Set(HOOKS.map(([name]) => name))) {
    writeFileSync(join(validation, file), hooked(file, readFileSync(join(validation, file), 'utf8')));
  }
  for (const file of ['go.mod', 'go.sum']) copyFileSync(join(ISTIO_MODULE, file), join(folder, file));
  const module = join(folder, 'go.mod');
  go(['mod', 'edit', `-replace=istio.io/istio=${copy}`, module]);
  const packages = ['istio.io/istio/pkg/config/validation', 'istio.io/istio/pkg/config/validation/envoyfilter'];
  // The tests of CRDs read files, which are read here, too, and find them by their path, which -trimpath hides.
  go(['test', '-count=1', '-skip=CRDs', `-modfile=${module}`, ...packages], {
    RECORDED_DOCUMENTS: documents,
    GOFLAGS: '-trimpath -mod=mod',
  });
  const lines = readFileSync(documents, 'utf8').split('\n').slice(0, -1);
  return [...new Set(lines)].flatMap((line) => documentsOf(JSON.parse(line) as Recorded));
}

/** Istio's documentation and charts are half of it, and no test of validation reads them. */
function isNeeded(path: string): boolean {
  return !/\/(?:releasenotes|samples|architecture|licenses)$/.test(path);
}

function hooked(file: string, source: string): string {
  let text = source;
  for (const [name, signature, call] of HOOKS) {
    if (name !== file) continue;
    if (!signature.test(text)) throw new Error(`${file} has nothing like ${signature}; Istio has changed, adapt HOOKS`);
    text = text.replace(signature, (start) => `${start}\n\t${call}`);
  }
  return text;
}

/** None for a part of a document that a test passes as if it was one. */
function documentsOf({ kind, name, namespace, labels, annotations, spec }: Recorded): Document[] {
  const served = kinds('istio-1.31').find((other) => other.kind === kind);
  if (served === undefined) return [];
  const metadata = { name: name || 'name', namespace: namespace || 'default', labels, annotations };
  return [{ apiVersion: served.apiVersion, kind, metadata, spec }];
}
