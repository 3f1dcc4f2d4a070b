import type { Call, Scenario } from '../bed/scenario';
import { outsideClient } from '../support/clients';
import { installedWith } from '../support/installation';
import { caller, meshed, server } from '../support/workloads';

const SLEEP = 'c1/foo/sleep';
const HTTPBIN = 'http://httpbin.bar.cluster2:8000/headers';
const callers = [meshed('foo'), ...caller('foo', 'sleep'), ...caller('foo', 'other')];
const servers = [meshed('bar'), ...server('bar', 'httpbin', { ports: { http: 8000 } })];

const MERGED = 'shared-root/merged-roots';
const certificate = (name: string, ca: string, id: string) => ({ name, ca, san: [`URI:spiffe://${id}`] });
const merged: Scenario = {
  name: MERGED,
  certificates: [
    certificate('c1-sleep', 'root-c1', 'c1.local/ns/foo/sa/sleep'),
    certificate('c2-as-sleep', 'root-c2', 'c1.local/ns/foo/sa/sleep'),
    certificate('c3-sleep', 'root-c3', 'c1.local/ns/foo/sa/sleep'),
  ],
  clusters: {
    c1: {
      controlPlane: installedWith(MERGED, 'c1', { root: 'root-c1', authorities: ['root-c2'] }),
      objects: [...callers, ...outsideClient()],
      apply: [`dist/${MERGED}/c1`],
    },
    c2: {
      controlPlane: installedWith(MERGED, 'c2', { root: 'root-c2', authorities: ['root-c1'] }),
      objects: servers,
      apply: [`dist/${MERGED}/c2`],
    },
  },
  calls: [
    {
      from: SLEEP,
      url: 'http://httpbin.bar.c2:8000/headers',
      expect: { code: 200, body: 'spiffe://c1.local/ns/foo/sa/sleep' },
      within: 10,
      why: 'the identity of the other root arrives',
    },
    {
      from: 'c1/foo/other',
      url: 'http://httpbin.bar.c2:8000/headers',
      expect: { code: 403 },
      why: 'and is told apart',
    },
    ...(
      [
        ['c1-sleep', { code: 200 }, 'a certificate of the consumer, by hand'],
        ['c2-as-sleep', { code: 200 }, "WEAKNESS: the provider's root signs an identity of the consumer"],
        ['c3-sleep', { error: '' }, 'a root that nobody believes'],
      ] as const
    ).map(
      ([as, expect, why]): Call => ({
        from: 'c1/outside/curl',
        url: 'https://10.72.0.30:15443/headers',
        alpn: 'istio',
        sni: 'outbound_.8000_._.httpbin.bar.c2',
        as,
        expect,
        why,
      }),
    ),
  ],
};

const [PROVIDER, CONSUMER] = ['1-provider', '2-consumer'].map((part) => `shared-root/two-organisations-${part}`);
const twoOrganisations: Scenario = {
  name: 'shared-root/two-organisations',
  clusters: {
    c1: {
      controlPlane: installedWith(CONSUMER, 'c1', { root: 'shared-root' }),
      objects: callers,
      apply: [`dist/${CONSUMER}/c1`],
    },
    c2: { controlPlane: { root: 'shared-root' }, objects: servers, apply: [`dist/${PROVIDER}/c2`] },
  },
  calls: [
    { from: SLEEP, url: HTTPBIN, expect: { code: 200, body: '/ns/foo/sa/sleep' }, why: 'by a contract alone' },
    { from: 'c1/foo/other', url: HTTPBIN, expect: { code: 403 }, why: "the provider's policy" },
  ],
};

export default [merged, twoOrganisations];
