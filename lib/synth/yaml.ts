import { Yaml } from 'cdk8s';
import type { RenderedObject } from './render';

/** The text of a file. */
export function toYaml(objects: readonly RenderedObject[]): string {
  return Yaml.stringify(...objects.map(({ manifest }) => manifest));
}
