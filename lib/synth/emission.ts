import { type ApiObject, type App, type Chart, Names } from 'cdk8s';
import type { Finding } from '../facts/finding';
import { groupBy } from '../facts/group-by';
import type { Manifest, PlacedManifest } from '../facts/manifest';
import type { ChartFile, Placement } from './chart-file';
import { ChartOrder } from './chart-order';
import { findUnkeptDependencies } from './cross-file';
import { findDuplicates } from './duplicates';
import { orderFile, sortByKind } from './file-order';
import { findPlaceless } from './placeless';
import { type RenderedObject, Renderer } from './render';
import { readTree, validateConstructs } from './tree';

/** What emission must know about an app. */
export interface EmissionRules {
  /** Where a chart goes; undefined for plain charts, which go where cdk8s puts them. */
  placementOf(chart: Chart): Placement | undefined;
  /** Whether a chart overrides `toJson`; its own result is then written. */
  rendersItself(chart: Chart): boolean;
}

/** Everything that the charts of an app say, before anything is written. */
export interface Emission {
  /** Files of plain charts in the order of cdk8s, then those of clusters by path. */
  readonly files: ChartFile[];
  /** What is wrong with the objects as such. */
  readonly findings: Finding[];
}

/**
 * Reads an app: runs validators, resolves dependencies and renders objects, each once.
 *
 * @throws the messages of validators; MESH2009 for a dependency cycle; the error of cdk8s for a value that is no JSON.
 */
export function emit(app: App, rules: EmissionRules): Emission {
  const tree = readTree(app);
  validateConstructs(tree.constructs);

  const placements = new Map([...tree.charts.keys()].map((chart) => [chart, rules.placementOf(chart)]));
  const chartOrder = new ChartOrder(tree, (chart) => placements.get(chart) === undefined);
  const renderer = new Renderer(app);
  const render = (chart: Chart, objects: ApiObject[]): RenderedObject[] =>
    rules.rendersItself(chart)
      ? chart.toJson().map((manifest) => ({ construct: chart, manifest }))
      : objects.map((construct) => ({ construct, manifest: renderer.render(construct) }));

  const plain = chartOrder.charts().map((chart, index): ChartFile => {
    const number = chartOrder.numbered ? `${index.toString().padStart(4, '0')}-` : '';
    const path = `${number}${Names.toDnsLabel(chart)}${app.outputFileExtension}`;
    return { path, chart, objects: render(chart, chartOrder.objects(chart)) };
  });
  const placed = [...tree.charts]
    .flatMap(([chart, constructs]): ChartFile[] => {
      const placement = placements.get(chart);
      const objects = placement ? render(chart, constructs) : [];
      // An empty chart writes no file.
      return placement && objects.length > 0
        ? [{ path: `${placement.cluster}/${placement.file}`, cluster: placement.cluster, chart, objects }]
        : [];
    })
    .sort((a, b) => (a.path < b.path || (a.path === b.path && a.chart.node.path < b.chart.node.path) ? -1 : 1));
  const incomplete = findIncomplete(placed);
  if (incomplete.length > 0) {
    return { files: [...plain, ...placed], findings: incomplete };
  }
  // Without any dependency there is nothing to look for around each object.
  const order = tree.dependencies.size === 0 ? sortByKind : orderFile;
  const files = [...plain, ...placed.map((file) => ({ ...file, objects: order(file.objects) }))];
  return {
    files,
    findings: [
      ...findSharedFiles(files),
      ...findRepeated(plain, placed),
      ...findUnkeptDependencies(tree, files),
      ...findPlaceless(placed),
    ],
  };
}

/** The objects of clusters with their places. */
export function placedManifests(emission: Emission): PlacedManifest[] {
  return emission.files.flatMap(({ cluster, path: file, chart, objects }) =>
    cluster === undefined
      ? []
      : objects.map(({ construct, manifest }) => ({
          cluster,
          file,
          chart: chart.node.path,
          path: construct.node.path,
          manifest,
        })),
  );
}

function findIncomplete(files: ChartFile[]): Finding[] {
  return files.flatMap(({ cluster, objects }) =>
    objects
      .filter(({ manifest }) => !isComplete(manifest))
      .map(({ construct, manifest }) => ({
        code: 'MESH2002',
        severity: 'error',
        objects: [`${manifest?.kind ?? 'an object'} @${cluster}`],
        message: `'${construct.node.path}' has no ${missingFields(manifest).join(' and no ')}`,
        atRuntime: 'the API server refuses it',
        fix: 'state it; `metadata: { name: undefined }` hides the name, and a JSON patch may have removed it',
      })),
  );
}

// What a program renders or patches may be anything, whatever its type says.
function isComplete(manifest: Partial<Manifest> | undefined): boolean {
  return isName(manifest?.apiVersion) && isName(manifest?.kind) && isName(manifest?.metadata?.name);
}

function missingFields(manifest: Partial<Manifest> | undefined): string[] {
  return [
    ...(isName(manifest?.apiVersion) ? [] : ['apiVersion']),
    ...(isName(manifest?.kind) ? [] : ['kind']),
    ...(isName(manifest?.metadata?.name) ? [] : ['metadata.name']),
  ];
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function findSharedFiles(files: ChartFile[]): Finding[] {
  return [...groupBy(files, ({ path }) => path)]
    .filter(([, sharing]) => sharing.length > 1)
    .map(([path, sharing]) => ({
      code: 'MESH2003',
      severity: 'error',
      objects: [path],
      message: `${sharing.length} charts write one file: ${sharing.map(({ chart }) => `'${chart.node.path}'`).join(', ')}`,
      atRuntime: 'the objects of all but one would be missing',
      fix: 'give one of them another id or file name',
    }));
}

function findRepeated(plain: ChartFile[], placed: ChartFile[]): Finding[] {
  const clusters = groupBy(placed, ({ cluster }) => cluster);
  return [
    ...[...clusters].flatMap(([cluster, files]) =>
      findDuplicates(
        files.flatMap(({ objects }) => objects),
        'error',
        cluster,
      ),
    ),
    // cdk8s does not say which plain charts go to one cluster, so only objects of one chart are known to collide; it
    // accepts them, and an app that becomes a Fleet must not break.
    ...plain.flatMap(({ objects }) =>
      findDuplicates(
        objects.filter(({ manifest }) => isComplete(manifest)),
        'warning',
      ),
    ),
  ];
}
