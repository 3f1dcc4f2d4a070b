import { worthOf } from '../../../facts/quantity';
import type { Path } from '../path';
import { type Report, show } from '../problem';

/** Resources of a container. */
export interface Resources {
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly requests?: Readonly<Record<string, unknown>>;
}

/** Resources of a container without a domain before them (`IsStandardContainerResourceName`). */
const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];
/** Resources in bytes: a part of one is no error, and hardly what was meant. */
const BYTES = ['memory', 'ephemeral-storage'];
/** Quantities that are equal by different suffixes differ by the last bits of their binary fractions. */
const NEARLY = 1 + 1e-12;

/** `ValidateContainerResourceRequirements` of the API server, with the decoding before it. */
export function resourceRules({ limits = {}, requests = {} }: Resources, at: Path, report: Report): void {
  for (const [field, values] of Object.entries({ limits, requests })) {
    for (const [name, quantity] of Object.entries(values)) {
      quantityRules(name, quantity, at.at(field).at(name), report);
    }
  }
  for (const [name, quantity] of Object.entries(requests)) {
    const [request, limit] = [worthOf(quantity), worthOf(limits[name])];
    if (request === undefined || limit === undefined || request <= limit * NEARLY) continue;
    report.error(at.at('requests').at(name), `is ${show(quantity)}, expected at most the limit, ${show(limits[name])}`);
  }
}

function quantityRules(name: string, quantity: unknown, at: Path, report: Report): void {
  if (!name.includes('/') && !STANDARD.includes(name) && !name.startsWith('hugepages-')) {
    report.error(at, `is no resource of containers, expected ${STANDARD.join(', ')} or <domain>/<name>`);
    return;
  }
  const worth = worthOf(quantity);
  if (worth === undefined) {
    report.error(at, `is ${show(quantity)}, expected a quantity of Kubernetes such as 250m or 128Mi`);
  } else if (worth < 0) {
    report.error(at, `is ${show(quantity)}, expected none below 0`);
  } else if (BYTES.includes(name) && !Number.isInteger(worth)) {
    report.warning(at, `is ${show(quantity)}, which is no whole number of bytes: m are thousandths, Mi is 1024 Ki`);
  }
}
