import type { ConditionsSummary, ExposureSummary, PeeringSummary, TokenSummary } from '../../facts/fleet';
import type { Claims } from '../run/bytes';
import type { Call } from '../run/call';
import { STRANGER } from './callers';
import type { Stated } from './stated';

/** What a call states so that it fulfils, or does not fulfil, what a gateway asks besides. */
export type Fulfilment = Pick<Call, 'sourceIp' | 'remoteIp' | 'token'>;

/** An address of nobody (RFC 5737), and one for those whose blocks name it. */
const STRANGERS = ['198.51.100.77', '192.0.2.77'];

/** An address that blocks name: the first of the first. */
const firstOf = ([block]: readonly string[]): string => block.split('/')[0];

/** A token of an issuer, for one of those whom it must be for. */
const tokenOf = ({ issuer, audiences = [STRANGER] }: TokenSummary): Claims => ({
  iss: issuer,
  sub: CALLER,
  aud: audiences[0],
});

const CALLER = 'multimesh-caller';

/** A call that fulfils the conditions of an exposure. */
export function fulfilled({ conditions }: ExposureSummary): Fulfilment {
  if (conditions === undefined) return {};
  const { ipBlocks, remoteIpBlocks, tokens } = conditions;
  const blocks = ipBlocks ?? remoteIpBlocks;
  return {
    ...(blocks && { sourceIp: firstOf(blocks) }),
    ...(remoteIpBlocks && { remoteIp: firstOf(remoteIpBlocks) }),
    ...(tokens && { token: tokenOf(tokens[0]) }),
  };
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
  if (askedByAll('tokens')) found.push(...withOtherTokens(stated, peering, exposure, all));
  return found;
}

/** At most so many tokens of other exposures are tried. */
const MOST_TOKENS = 2;

/** Without a token, with one of somebody, and with those of other exposures of the gateway. */
function withOtherTokens(
  stated: Stated,
  peering: PeeringSummary,
  exposure: ExposureSummary,
  all: readonly (ConditionsSummary | undefined)[],
): { readonly made: Fulfilment; readonly because: string }[] {
  const good = fulfilled(exposure);
  const fit = all.flatMap((one) => one?.tokens ?? []);
  const doesFit = (token: Claims) =>
    fit.some(({ issuer, audiences }) => issuer === token.iss && (audiences?.includes(String(token.aud)) ?? true));
  const others = stated
    .tokensAt(peering, exposure)
    .map(tokenOf)
    .filter((token) => !doesFit(token));
  const strange = { iss: `https://${STRANGER}.example`, sub: CALLER, aud: good.token?.aud ?? STRANGER };
  return [
    { made: { ...good, token: {} }, because: 'it carries no token' },
    { made: { ...good, token: strange }, because: 'its token is of another issuer' },
    ...others.slice(0, MOST_TOKENS).map((token) => ({
      made: { ...good, token },
      because: `its token, of ${token.iss} for ${token.aud}, is for another exposure of the gateway`,
    })),
  ];
}

/** Wide enough: blocks near an address are left alone, too. */
const isOf = (address: string, block: string): boolean => block.split('.')[0] === address.split('.')[0];
