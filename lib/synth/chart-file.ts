import type { Chart } from 'cdk8s';
import type { RenderedObject } from './render';

/** The file of a chart that belongs to a cluster. */
export interface Placement {
  /** Name of the cluster, which is the name of its folder. */
  readonly cluster: string;
  /** File name below that folder. */
  readonly file: string;
}

/** A file with the objects of one chart. */
export interface ChartFile {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  /** Name of the cluster; undefined for plain charts. */
  readonly cluster?: string;
  readonly chart: Chart;
  /** In the order in which they are written. */
  readonly objects: RenderedObject[];
}
