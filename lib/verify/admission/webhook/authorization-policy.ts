import type { AuthorizationPolicySpec, Condition, Operation, Rule, Source } from '../../../../imports/istio/security';
import { each, type Path } from '../path';
import { type Report, show } from '../problem';
import { conditionReason } from './common/conditions';
import {
  accountsReason,
  blocksReason,
  filledReason,
  type ListReason,
  portsReason,
  templatesReason,
  trustDomainsReason,
} from './common/policy-values';
import { selectionRules } from './common/selectors';
import { refuse } from './common/values';
import { type IstioObject, SPEC } from './object';

/** What istiod looks at in the lists of a source; what it does not look at is not here. */
const SOURCE_LISTS: Readonly<Record<keyof Source, readonly ListReason[]>> = {
  principals: [filledReason],
  notPrincipals: [filledReason],
  requestPrincipals: [filledReason],
  notRequestPrincipals: [filledReason],
  namespaces: [filledReason],
  notNamespaces: [filledReason],
  serviceAccounts: [accountsReason],
  notServiceAccounts: [accountsReason],
  trustDomains: [trustDomainsReason],
  notTrustDomains: [trustDomainsReason],
  ipBlocks: [blocksReason],
  notIpBlocks: [blocksReason],
  remoteIpBlocks: [blocksReason],
  notRemoteIpBlocks: [blocksReason],
};
const OPERATION_LISTS: Readonly<Record<keyof Operation, readonly ListReason[]>> = {
  ports: [portsReason],
  notPorts: [portsReason],
  methods: [filledReason],
  notMethods: [filledReason],
  hosts: [filledReason],
  notHosts: [filledReason],
  paths: [filledReason, templatesReason],
  notPaths: [filledReason, templatesReason],
};
/** An external authorizer is asked before Istio knows who calls. */
const NOT_CUSTOM: readonly (keyof Source)[] = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
];
const NOT_CUSTOM_KEYS = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];
/** Lists of a source that say something about a TCP connection, too. */
const TCP_LISTS: readonly (keyof Source)[] = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'ipBlocks',
  'notIpBlocks',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
];

/** `validation.ValidateAuthorizationPolicy`. */
export function authorizationPolicyRules({ spec }: IstioObject<AuthorizationPolicySpec>, report: Report): void {
  const { action = 'ALLOW', provider, rules = [] } = spec;
  selectionRules(spec, SPEC, report);
  if ((action === 'CUSTOM' || action === 'DENY') && rules.length === 0) {
    report.error(SPEC.at('rules'), `is empty, so that action ${action} is never taken; [{}] stands for every request`);
  }
  if (action === 'CUSTOM' && rules.length > 0 && !provider?.name) {
    report.error(SPEC.at('provider').at('name'), 'is missing, which action CUSTOM needs');
  }
  if (provider !== undefined && action !== 'CUSTOM') {
    report.error(SPEC.at('provider'), `is set with action ${action}, expected CUSTOM`);
  }
  rules.forEach((rule, i) => {
    const at = SPEC.at('rules').at(i);
    if (action === 'CUSTOM') customRules(rule, at, report);
    ruleRules(rule, at, report);
    if (action === 'DENY' && deniesTcp(rule)) {
      report.warning(
        at,
        'looks only at what HTTP requests have, so that it denies all TCP connections; name the ports',
      );
    }
  });
}

function ruleRules({ from = [], to = [], when = [] }: Rule, at: Path, report: Report): void {
  from.forEach(({ source }, i) => {
    const place = at.at('from').at(i).at('source');
    if (source === undefined) report.error(place, 'is required');
    else sourceRules(source, place, report);
  });
  to.forEach(({ operation }, i) => {
    const place = at.at('to').at(i).at('operation');
    if (operation === undefined) report.error(place, 'is required');
    else listRules(operation, OPERATION_LISTS, place, report);
  });
  each(when, at.at('when'), (condition, item) => conditionRules(condition, item, report));
}

function sourceRules(source: Source, at: Path, report: Report): void {
  const accounts = isFilled(source.serviceAccounts) || isFilled(source.notServiceAccounts);
  const others = (['principals', 'notPrincipals', 'namespaces', 'notNamespaces'] as const).filter((field) =>
    isFilled(source[field]),
  );
  if (accounts && others.length > 0) {
    report.error(at, `sets service accounts beside ${others.join(' and ')}, expected them alone`);
  }
  listRules(source, SOURCE_LISTS, at, report);
}

/** An empty source or operation would be everything, and is refused: it is hardly meant. */
function listRules<T extends Source | Operation>(
  lists: T,
  reasons: Readonly<Record<keyof T, readonly ListReason[]>>,
  at: Path,
  report: Report,
): void {
  let filled = false;
  for (const field in lists) {
    const values = lists[field] as readonly string[] | undefined;
    if (values === undefined || values.length === 0) continue;
    filled = true;
    for (const reason of reasons[field]) refuse(report, at.at(field), reason(values));
  }
  if (!filled) report.error(at, 'is empty, expected at least one list with a value');
}

function conditionRules({ key, values = [], notValues = [] }: Condition, at: Path, report: Report): void {
  if (key === '') {
    report.error(at.at('key'), 'is empty, expected an attribute such as source.ip');
  } else if (values.length + notValues.length === 0) {
    report.error(at, `sets neither values nor notValues of ${show(key)}, expected one of them`);
  } else {
    refuse(report, at.at('values'), conditionReason(key, values));
    refuse(report, at.at('notValues'), conditionReason(key, notValues));
  }
}

function customRules({ from = [], when = [] }: Rule, at: Path, report: Report): void {
  from.forEach(({ source }, i) => {
    for (const field of NOT_CUSTOM) {
      if (!isFilled(source?.[field])) continue;
      report.error(at.at('from').at(i).at('source').at(field), 'is set, which action CUSTOM cannot look at');
    }
  });
  when.forEach(({ key }, i) => {
    if (!NOT_CUSTOM_KEYS.includes(key) && !key.startsWith('request.auth.')) return;
    report.error(at.at('when').at(i).at('key'), `is ${show(key)}, which action CUSTOM cannot look at`);
  });
}

/** Whether a rule of a DENY policy has nothing left to look at for TCP, and so denies every connection. */
function deniesTcp({ from = [], to = [] }: Rule): boolean {
  const fromTcp = from.some(({ source }) => source !== undefined && TCP_LISTS.some((field) => isFilled(source[field])));
  const toTcp = to.some(({ operation }) => isFilled(operation?.ports) || isFilled(operation?.notPorts));
  const hasFrom = from.some(({ source }) => source !== undefined);
  const hasTo = to.some(({ operation }) => operation !== undefined);
  return (hasFrom && !hasTo && !fromTcp) || (hasTo && !toTcp);
}

function isFilled(list: readonly string[] | undefined): boolean {
  return list !== undefined && list.length > 0;
}
