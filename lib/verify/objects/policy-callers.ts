import type { PolicyRule } from '../world/istio-types';

/** A caller that a rule of a policy names, and where. */
export interface NamedCaller {
  /** As a principal: `<trust domain>/ns/<namespace>/sa/<account>`, `*` standing for any. */
  readonly principal: string;
  /** Path of the field in the policy. */
  readonly field: string;
}

/** What names callers in a source, in the order in which it narrows them most, and the key of the same in a condition. */
const LISTS = [
  ['principals', 'source.principal'],
  ['serviceAccounts', 'source.serviceAccount'],
  ['namespaces', 'source.namespace'],
] as const;

type List = (typeof LISTS)[number][0];

/**
 * Callers whom a rule names. Everybody is not named: that opens what the policy is about.
 *
 * @param path of the rule in its policy.
 * @param own namespace of the policy: a service account without one is of that.
 */
export function callersNamedBy({ from = [], when = [] }: PolicyRule, path: string, own: string): NamedCaller[] {
  const inSources = from.flatMap(({ source = {} }, index) => {
    const list = LISTS.find(([name]) => source[name] !== undefined)?.[0];
    return list === undefined
      ? []
      : (source[list] ?? []).map((value, place) => ({
          principal: principalOf(list, value, own),
          field: `${path}.from[${index}].source.${list}[${place}]`,
        }));
  });
  const inConditions = when.flatMap(({ key, values = [] }, index) => {
    const list = LISTS.find(([, condition]) => condition === key)?.[0];
    return list === undefined
      ? []
      : values.map((value, place) => ({
          principal: principalOf(list, value, own),
          field: `${path}.when[${index}].values[${place}]`,
        }));
  });
  const named = inSources.length > 0 ? inSources : inConditions;
  return named.filter(({ principal }) => principal !== '*' && principal !== '*/ns/*/sa/*');
}

function principalOf(list: List, value: string, own: string): string {
  if (list === 'principals') return value;
  if (list === 'namespaces') return `*/ns/${value}/sa/*`;
  const [namespace, account] = value.includes('/') ? value.split('/') : [own, value];
  return `*/ns/${namespace}/sa/${account}`;
}

/** Whether a rule asks who calls. */
export const namesCallers = ({ from = [], when = [] }: PolicyRule): boolean =>
  from.some(({ source = {} }) => LISTS.some(([name]) => source[name] !== undefined)) ||
  when.some(({ key }) => LISTS.some(([, condition]) => condition === key));

/**
 * Whether a rule asks nothing of who calls. `*` is everybody with a certificate; who is left out (`notPrincipals`) leaves
 * everybody else.
 */
export function isForEverybody({ from = [], when = [] }: PolicyRule): boolean {
  const asksWho = when.some(
    ({ key, values }) => values !== undefined && key !== 'connection.sni' && !key.startsWith('destination.'),
  );
  const isAnybody = ({ source = {} }: NonNullable<PolicyRule['from']>[number]) =>
    Object.entries(source).every(
      ([list, values]) => values === undefined || values.includes('*') || list.startsWith('not'),
    );
  return !asksWho && (from.length === 0 || from.some(isAnybody));
}

/** Whether a rule is about some methods or paths alone: a few of them for everybody are meant. */
export function isOfSomeRequests({ to = [] }: PolicyRule): boolean {
  return to.length > 0 && to.every(({ operation = {} }) => isOfSome(operation));
}

/** Whether an operation is about some methods or paths, and not about every path. */
const isOfSome = ({ paths, methods }: Operation): boolean =>
  (methods !== undefined && !methods.includes('*')) ||
  (paths !== undefined && !paths.some((path) => path === '*' || path === '/*'));

type Operation = NonNullable<NonNullable<PolicyRule['to']>[number]['operation']>;

/** Whether a rule is about one of some ports of pods, or about all. */
export function isAboutPorts({ to = [], when = [] }: PolicyRule, ports: readonly number[]): boolean {
  const own = new Set(ports.map(String));
  const isOne = (named: readonly string[] | undefined) => named?.some((one) => own.has(one)) ?? true;
  const asked = when.filter(({ key }) => key === 'destination.port');
  return (
    asked.every(({ values }) => isOne(values)) &&
    (to.length === 0 || to.some(({ operation: { ports: named } = {} }) => isOne(named)))
  );
}
