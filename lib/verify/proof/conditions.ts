import type { ConditionsSummary, ExposureSummary, PeeringSummary } from '../../facts/fleet';
import type { Call } from '../run/call';
import type { Stated } from './stated';

/** What a call states so that it fulfils, or does not fulfil, what a gateway asks besides. */
export type Fulfilment = Pick<Call, 'sourceIp' | 'remoteIp' | 'token'>;

/** An address of nobody (RFC 5737), and one for those whose blocks name it. */
const STRANGERS = ['198.51.100.77', '192.0.2.77'];

/** An address that blocks name: the first of the first. */
const firstOf = ([block]: readonly string[]): string => block.split('/')[0];

/** A call that fulfils the conditions of an exposure. */
export function fulfilled({ conditions }: ExposureSummary): Fulfilment {
  if (conditions === undefined) return {};
  const { ipBlocks, remoteIpBlocks } = conditions;
  if (ipBlocks === undefined && remoteIpBlocks === undefined) return {};
  const sourceIp = firstOf(ipBlocks ?? remoteIpBlocks ?? []);
  return { sourceIp, ...(remoteIpBlocks && { remoteIp: firstOf(remoteIpBlocks) }) };
}

/** Calls that fail one condition each, where nothing else leads to the service the same way and asks less. */
export function unfulfilled(
  stated: Stated,
  peering: PeeringSummary,
  exposure: ExposureSummary,
): { readonly made: Fulfilment; readonly because: string }[] {
  const all = stated.conditionsFor(peering, exposure);
  const good = fulfilled(exposure);
  const found: { made: Fulfilment; because: string }[] = [];
  const askedByAll = (name: keyof ConditionsSummary) => all.every((one) => one?.[name] !== undefined);
  for (const name of ['ipBlocks', 'remoteIpBlocks'] as const) {
    if (!askedByAll(name)) continue;
    const address = STRANGERS.find((one) => all.every((each) => each?.[name]?.every((block) => !isOf(one, block))));
    if (address === undefined) continue;
    const made =
      name === 'ipBlocks' ? { sourceIp: address, remoteIp: good.remoteIp ?? good.sourceIp } : { remoteIp: address };
    found.push({ made: { ...good, ...made }, because: `its address is none of ${name}` });
  }
  return found;
}

/** Wide enough: blocks near an address are left alone, too. */
const isOf = (address: string, block: string): boolean => block.split('.')[0] === address.split('.')[0];
