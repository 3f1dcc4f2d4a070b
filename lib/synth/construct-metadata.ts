import { ApiObject } from 'cdk8s';
import type { Emission } from './emission';
import type { OutputFile } from './plan';

/** What the validations of the cdk8s CLI read to name constructs in their reports; in the form that cdk8s gives it. */
export function constructMetadata(emission: Emission): OutputFile {
  const resources: Record<string, { path: string }> = {};
  for (const { construct } of emission.files.flatMap(({ objects }) => objects)) {
    if (ApiObject.isApiObject(construct)) {
      resources[construct.name] = { path: construct.node.path };
    }
  }
  return { path: 'construct-metadata.json', text: JSON.stringify({ version: '1.0.0', resources }) };
}
