import { Path } from '../path';
import type { Report } from '../problem';
import type { Messages } from './envoy-filter/messages';

/** What istiod's webhook sees of an object that keeps to the schema of its kind. Nothing in it is null. */
export interface IstioObject<Spec> {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: Spec;
}

/** The rules of a kind; `messages` are Envoy's, for EnvoyFilters. */
export type Rules<Spec> = (object: IstioObject<Spec>, report: Report, messages: Messages) => void;

/** Where rules begin. */
export const SPEC: Path = Path.ROOT.at('spec');
