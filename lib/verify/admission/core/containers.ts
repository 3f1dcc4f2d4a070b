import type { Path } from '../path';
import { type Report, show } from '../problem';
import { isPort, isPortName, PROTOCOLS } from './ports';
import { type Resources, resourceRules } from './resources';

/** Of a container, what is judged. */
export interface Container {
  readonly name: string;
  readonly env?: readonly Variable[];
  readonly ports?: readonly Port[];
  readonly resources?: Resources;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: unknown;
}

interface Port {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
  readonly hostIP?: string;
  readonly hostPort?: number;
}

/** `validateContainerCommon` of the API server, without images, probes and security. */
export function containerRules(
  { env = [], ports = [], resources = {}, volumeMounts = [] }: Container,
  volumes: ReadonlySet<string>,
  at: Path,
  report: Report,
): void {
  portRules(ports, at.at('ports'), report);
  variableRules(env, at.at('env'), report);
  const places = new Set<string>();
  for (const [i, { name, mountPath }] of volumeMounts.entries()) {
    const place = at.at('volumeMounts').at(i);
    if (!volumes.has(name)) report.error(place.at('name'), `is ${show(name)}, and the pod has no volume of that name`);
    if (mountPath === '') report.error(place.at('mountPath'), 'is required');
    else if (places.has(mountPath))
      report.error(place.at('mountPath'), `is ${show(mountPath)}, that of another volume`);
    places.add(mountPath);
  }
  resourceRules(resources, at.at('resources'), report);
}

function portRules(ports: readonly Port[], at: Path, report: Report): void {
  const names = new Set<string>();
  const taken = new Map<string, number>();
  for (const [i, port] of ports.entries()) {
    const place = at.at(i);
    const { name = '', containerPort, hostIP = '', hostPort = 0 } = port;
    const protocol = port.protocol || 'TCP';
    const numberIs = (number: number) => `is ${number}, expected a port from 1 to 65535`;
    if (!isPort(containerPort)) report.error(place.at('containerPort'), numberIs(containerPort));
    if (hostPort !== 0 && !isPort(hostPort)) report.error(place.at('hostPort'), numberIs(hostPort));
    if (!PROTOCOLS.includes(protocol)) {
      report.error(place.at('protocol'), `is ${show(protocol)}, expected one of ${PROTOCOLS.join(', ')}`);
    }
    if (name !== '' && !isPortName(name)) {
      const expected = 'at most 15 lower-case letters, digits and single dashes, a letter among them';
      report.error(place.at('name'), `is ${show(name)}, expected ${expected}`);
    } else if (name !== '' && names.has(name)) {
      report.error(place.at('name'), `is ${show(name)}, the name of another port`);
    }
    names.add(name);
    // harmless by itself: kubectl warns, and a later apply may drop either (`warningsForOverlappingVirtualPorts`)
    const key = `${protocol} ${containerPort} ${hostIP} ${hostPort}`;
    const other = taken.get(key);
    if (other !== undefined && isPort(containerPort)) {
      report.warning(place, `is ${protocol} ${containerPort}, as ports[${other}] is already`);
    }
    taken.set(key, other ?? i);
  }
}

/**
 * Names that every version of Kubernetes refuses (`IsRelaxedEnvVarName`): before 1.32 a cluster may refuse more. A name
 * that is there twice is a warning, unless the later value is made of the earlier one.
 */
function variableRules(variables: readonly Variable[], at: Path, report: Report): void {
  const names = new Set<string>();
  for (const [i, { name, value = '', valueFrom }] of variables.entries()) {
    if (name === '') report.error(at.at(i).at('name'), 'is required');
    else if (!/^[ -<>-~]+$/.test(name)) {
      report.error(at.at(i).at('name'), `is ${show(name)}, expected printable ASCII characters without =`);
    } else if (names.has(name)) {
      const before = `$(${name})`;
      const isOfBefore = valueFrom === undefined && value !== before && value.includes(before);
      if (!isOfBefore) report.warning(at.at(i), `is ${name} again: it hides the one before, or is dropped`);
    }
    if (valueFrom !== undefined && value !== '') {
      report.error(at.at(i).at('valueFrom'), 'stands beside value, expected one of them');
    }
    names.add(name);
  }
}
