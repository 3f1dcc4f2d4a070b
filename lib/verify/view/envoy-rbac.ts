import type { Ref } from '../world/resource';
import { ALWAYS, type Condition, type TextMatch } from './condition';
import { headerVariable } from './policy-attributes';
import type { Rbac } from './types';

/** Configuration of Envoy in YAML: fields in snake case or in camel case. */
type Message = Readonly<Record<string, unknown>>;

/** The RBAC filter of an EnvoyFilter's patch; undefined for one that only logs, a text for what is not modelled. */
export function envoyRbac(config: Message, ref: Ref): Rbac | undefined | string {
  const rules = message(config, 'rules');
  if (!rules) return undefined;
  const action = rules.action ?? 'ALLOW';
  if (action === 'LOG') return undefined;
  if (action !== 'ALLOW' && action !== 'DENY') return `action ${String(action)}`;
  try {
    const policies = Object.entries((rules.policies ?? {}) as Readonly<Record<string, Message>>).map(
      ([name, policy]) => ({
        name,
        ref: { ...ref, note: name },
        condition: {
          all: [{ any: each(policy.permissions, permission) }, { any: each(policy.principals, principal) }],
        },
      }),
    );
    return { action, policies, ref };
  } catch (error) {
    if (error instanceof NotModelled) return error.message;
    throw error;
  }
}

class NotModelled extends Error {}

const field = (of: Message, name: string): unknown =>
  of[name] ?? of[name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())];

const message = (of: Message, name: string): Message | undefined => field(of, name) as Message | undefined;

/** What is no list of messages, Envoy refuses: nobody knows what becomes of the rest. */
function each(list: unknown, make: (one: Message) => Condition): Condition[] {
  const all: unknown = list ?? [];
  const isMessage = (one: unknown): one is Message => typeof one === 'object' && one !== null;
  if (!Array.isArray(all) || !all.every(isMessage)) throw new NotModelled(`list ${JSON.stringify(list)}`);
  return all.map(make);
}

/** `config.rbac.v3.Permission`. */
function permission(of: Message): Condition {
  const all = message(of, 'and_rules');
  if (all) return { all: each(all.rules, permission) };
  const any = message(of, 'or_rules');
  if (any) return { any: each(any.rules, permission) };
  const not = message(of, 'not_rule');
  if (not) return { not: permission(not) };
  if (of.any === true) return ALWAYS;
  if (of.header) return header(of.header as Message);
  const path = message(of, 'url_path');
  if (path) return { variable: 'path', match: textMatch(message(path, 'path') ?? {}) };
  const port = field(of, 'destination_port');
  if (typeof port === 'number') return { destinationPort: port };
  const sni = message(of, 'requested_server_name');
  if (sni) return { variable: 'sni', match: textMatch(sni) };
  throw new NotModelled(`permission ${Object.keys(of).join()}`);
}

/** `config.rbac.v3.Principal`. */
function principal(of: Message): Condition {
  const all = message(of, 'and_ids');
  if (all) return { all: each(all.ids, principal) };
  const any = message(of, 'or_ids');
  if (any) return { any: each(any.ids, principal) };
  const not = message(of, 'not_id');
  if (not) return { not: principal(not) };
  if (of.any === true) return ALWAYS;
  if (of.header) return header(of.header as Message);
  if (of.authenticated) {
    const name = message(of.authenticated as Message, 'principal_name');
    return { variable: 'peer', match: name ? textMatch(name) : { kind: 'present', value: '' } };
  }
  const direct = message(of, 'direct_remote_ip');
  if (direct) return { address: 'source', block: cidr(direct) };
  const remote = message(of, 'remote_ip');
  if (remote) return { address: 'remote', block: cidr(remote) };
  throw new NotModelled(`principal ${Object.keys(of).join()}`);
}

/** `config.core.v3.CidrRange`. */
const cidr = (of: Message): string => `${String(field(of, 'address_prefix'))}/${String(field(of, 'prefix_len') ?? 0)}`;

/** `type.matcher.v3.StringMatcher`. */
function textMatch(of: Message): TextMatch {
  const ignoreCase = field(of, 'ignore_case') === true ? { ignoreCase: true } : {};
  for (const kind of ['exact', 'prefix', 'suffix', 'contains'] as const) {
    if (of[kind] !== undefined) return { kind, value: String(of[kind]), ...ignoreCase };
  }
  const regex = message(of, 'safe_regex')?.regex;
  if (regex !== undefined) return { kind: 'regex', value: String(regex) };
  throw new NotModelled(`string matcher ${Object.keys(of).join()}`);
}

/** `config.route.v3.HeaderMatcher`, with the older fields that Envoy still reads. */
function header(of: Message): Condition {
  const variable = headerVariable(String(of.name));
  const condition = ((): Condition => {
    const present = field(of, 'present_match');
    if (present === false) return { not: { variable, match: { kind: 'regex', value: '.*' } } };
    const match = message(of, 'string_match');
    if (match) return { variable, match: textMatch(match) };
    for (const kind of ['exact', 'prefix', 'suffix', 'contains'] as const) {
      const value = field(of, `${kind}_match`);
      if (value !== undefined) return { variable, match: { kind, value: String(value) } };
    }
    const regex = message(of, 'safe_regex_match')?.regex;
    return { variable, match: { kind: 'regex', value: regex === undefined ? '.*' : String(regex) } };
  })();
  return field(of, 'invert_match') === true ? { not: condition } : condition;
}
