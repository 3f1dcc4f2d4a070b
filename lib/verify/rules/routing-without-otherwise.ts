import { objectsOf } from '../objects/objects';
import { at, type ClusterRule } from '../rule';
import type { HttpMatch, VirtualServiceSpec } from '../world/istio-types';

/** A VirtualService of the mesh whose rules leave some requests over. */
export const routingWithoutOtherwise: ClusterRule = {
  code: 'MESH3050',
  severity: 'warning',
  scope: 'cluster',
  title: 'rules that leave requests over',
  why: 'a request that no rule is about finds no route: 404 NR, also where the service itself would answer',
  fix: 'end with a route without match, or with a directResponse if nothing else shall be called',
  inProgram: 'end with Rule.otherwise().to(…), or with Rule.otherwise().deny()',
  reads: ['VirtualService'],
  check: (input) =>
    objectsOf<VirtualServiceSpec>(input, 'VirtualService', 'networking.istio.io').flatMap(({ ref, spec }) => {
      const { hosts = [], gateways = ['mesh'], http = [] } = spec;
      const isOfTheMesh = gateways.length === 0 || gateways.includes('mesh');
      // a delegate has no hosts, and its root decides what reaches it
      if (!isOfTheMesh || hosts.length === 0 || http.length === 0) return [];
      // who is asked for has no other way: callers that no rule names keep the one that they have
      if (http.some(({ match = [] }) => match.length === 0 || match.some(takesEveryRequest))) return [];
      return [
        {
          objects: [at(ref, 'spec.http')],
          message: `${ref} leads ${hosts.join(', ')} by ${http.flatMap(({ match = [] }) => match.map(described)).join(', ')}, and no rule takes the rest`,
        },
      ];
    }),
};

/** Whether a match looks at who calls only, not at the request. */
function takesEveryRequest({
  uri,
  method,
  authority,
  scheme,
  headers,
  withoutHeaders,
  queryParams,
}: HttpMatch): boolean {
  const isAnyPath = uri === undefined || uri.prefix === '/' || uri.prefix === '' || uri.regex === '.*';
  const limits = [headers, withoutHeaders, queryParams].some((one) => Object.keys(one ?? {}).length > 0);
  return isAnyPath && !limits && [method, authority, scheme].every((one) => one === undefined);
}

function described({ uri, ...others }: HttpMatch): string {
  if (uri === undefined) return Object.keys(others).join(' and ');
  return uri.prefix === undefined ? `'${uri.exact ?? uri.regex}'` : `'${uri.prefix}*'`;
}
