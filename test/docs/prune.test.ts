import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../lib/facts/manifest';
import { readManifests } from '../../lib/facts/read-manifests';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'gitops-kubectl.md'), 'utf8');

/** What a scenario writes for Istio: of OpenShift Service Mesh 2 the page says what differs. */
const manifests: readonly Manifest[] = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.k8s.yaml') && !/ossm(?!-3)/.test(file))
  .flatMap((file) =>
    readManifests(readFileSync(join(ROOT, 'dist', file), 'utf8'), file).map(({ manifest }) => manifest),
  );

test('kubectl is told to prune every kind that is written, but what is kept', () => {
  const isKept = ({ metadata }: Manifest) =>
    metadata?.annotations?.['kustomize.toolkit.fluxcd.io/prune'] === 'disabled';
  const kinds = new Set(
    manifests
      .filter((manifest) => !isKept(manifest))
      .map(({ apiVersion, kind }) => `${apiVersion.includes('/') ? '' : 'core/'}${apiVersion}/${kind}`),
  );
  expect(kinds.size).toBeGreaterThan(10);
  expect([...kinds].filter((kind) => !PAGE.includes(kind))).toEqual([]);
});
