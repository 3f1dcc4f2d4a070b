import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { definitions } from '../../imports/schema';
import { UPSTREAM_VERSIONS, type UpstreamVersion } from '../../lib/platform/versions';
import type { Bed } from '../bed/bed';
import { REPOSITORY } from '../bed/paths';
import type { Scenario } from '../bed/scenario';
import { refusal } from '../kubernetes/apiserver';
import type { KubeObject } from '../kubernetes/types';

const DIST = path.join(REPOSITORY, 'dist');

/** Objects of Istio in the output of all scenarios, but of those for OpenShift Service Mesh 2. */
function istioObjects(): { file: string; object: KubeObject }[] {
  return readdirSync(DIST, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.k8s.yaml') && !/[-/]ossm(-allow-any)?\//.test(file))
    .sort()
    .flatMap((file) =>
      parseAllDocuments(readFileSync(path.join(DIST, file), 'utf8'))
        .map((document) => document.toJS() as KubeObject)
        .filter(({ apiVersion }) => /\.istio\.io\//.test(apiVersion))
        .map((object) => ({ file, object })),
    );
}

/** An API server with the CustomResourceDefinitions of the version takes each of them; names and namespaces are its own. */
async function admitsAll(bed: Bed, version: UpstreamVersion): Promise<void> {
  const { kube } = bed.cluster('c1');
  const served = definitions(`istio-${version}`);
  const objects = istioObjects();
  if (objects.length < 300) throw new Error(`only ${objects.length} objects of Istio are in dist/`);
  for (const { file, object } of objects) {
    // names of a whole domain: these have no DYNAMIC_DNS, and the library refuses them there
    if (
      ['1.24', '1.26', '1.27'].includes(version) &&
      (object.spec as { resolution?: string })?.resolution === 'DYNAMIC_DNS'
    )
      continue;
    const { apiVersion, kind, metadata, ...rest } = object;
    const plural = served.find((one) => one.apiVersion === apiVersion && one.kind === kind)?.plural;
    if (plural === undefined) throw new Error(`${file}: Istio ${version} serves no ${apiVersion} ${kind}`);
    const target = `/apis/${apiVersion}/namespaces/default/${plural}?dryRun=All&fieldValidation=Strict`;
    await kube.post(target, { apiVersion, kind, metadata: { ...metadata, namespace: 'default' }, ...rest });
  }
}

/** The server is one that refuses what it does not know: otherwise it would admit anything. */
async function refusesUnknown(bed: Bed, version: UpstreamVersion): Promise<void> {
  const rule = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'sample' },
    spec: { host: 'a.example', nextVersion: true },
  };
  const target = '/apis/networking.istio.io/v1/namespaces/default/destinationrules?dryRun=All&fieldValidation=Strict';
  const said = await refusal(bed.cluster('c1').kube.post(target, rule));
  if (!said?.includes('nextVersion')) throw new Error(`Istio ${version} takes an unknown field: ${said}`);
}

/** What is written for upstream Istio, judged by the API servers of each of its versions. Nothing is called. */
export default UPSTREAM_VERSIONS.map(
  (version): Scenario => ({
    name: `platforms/istio-${version}`,
    clusters: { c1: { controlPlane: false, crds: [`istio-${version}`] } },
    test: async (bed) => {
      await refusesUnknown(bed, version);
      await admitsAll(bed, version);
    },
  }),
);
