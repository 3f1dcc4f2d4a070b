import type { Namespace, NetworkPolicy, Pod } from '../../../testbed/kubernetes/types';
import { networkPolicyRules, selects } from '../../../testbed/network/networkpolicy';

const namespace = (name: string, labels: Record<string, string> = {}): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
});

const pod = (where: string, app: string, podIP: string | undefined, ports: [string, number][] = []): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: where, name: app, labels: { app } },
  spec: {
    containers: [{ name: app, image: app, ports: ports.map(([name, containerPort]) => ({ name, containerPort })) }],
  },
  status: { podIP },
});

const policy = (where: string, spec: NetworkPolicy['spec']): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace: where, name: 'policy' },
  spec,
});

const NAMESPACES = [namespace('app'), namespace('egress', { role: 'egress' })];
const PODS = [
  pod('app', 'travels', '10.44.1.10'),
  pod('app', 'insurances', '10.44.1.11', [['http', 8000]]),
  pod('egress', 'gateway', '10.44.1.12', [['https', 8443]]),
  pod('app', 'starting', undefined),
];

const rules = (...policies: NetworkPolicy[]) => networkPolicyRules('policies', policies, PODS, NAMESPACES);

/** The lines of one pod's chain. */
const chain = (text: string, name: string) =>
  (new RegExp(`chain ${name} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n {2}\\}`).exec(text)?.[1] ?? '')
    .split('\n')
    .map((line) => line.trim());

describe('networkPolicyRules', () => {
  it('filters nothing without policies', () => {
    expect(rules()).not.toContain('vmap');
    expect(rules()).not.toContain('reject');
  });

  it('refuses all of a direction that a policy names without rules', () => {
    // WHEN
    const text = rules(policy('app', { podSelector: {}, policyTypes: ['Egress'] }));

    // THEN both pods with an address, and no other
    expect(text).toContain(
      'ip saddr vmap { 10.44.1.10 : jump egress-10-44-1-10, 10.44.1.11 : jump egress-10-44-1-11 }',
    );
    expect(chain(text, 'egress-10-44-1-10')).toEqual(['reject with icmp admin-prohibited']);
    expect(text).not.toContain('ip daddr vmap');
  });

  it('allows a peer by the labels of its namespace and pod, on a port', () => {
    // WHEN
    const text = rules(
      policy('app', {
        podSelector: { matchLabels: { app: 'travels' } },
        policyTypes: ['Egress'],
        egress: [
          {
            to: [
              {
                namespaceSelector: { matchLabels: { role: 'egress' } },
                podSelector: { matchLabels: { app: 'gateway' } },
              },
            ],
            ports: [{ protocol: 'TCP', port: 8443 }],
          },
        ],
      }),
    );

    // THEN
    expect(chain(text, 'egress-10-44-1-10')).toEqual([
      'ip daddr { 10.44.1.12 } tcp dport 8443 return',
      'reject with icmp admin-prohibited',
    ]);
    expect(text).not.toContain('egress-10-44-1-11');
  });

  it('takes a pod selector alone for the namespace of the policy', () => {
    const text = rules(
      policy('app', {
        podSelector: { matchLabels: { app: 'insurances' } },
        ingress: [{ from: [{ podSelector: {} }] }],
      }),
    );
    expect(chain(text, 'ingress-10-44-1-11')[0]).toBe(
      'ip saddr { 10.44.1.10, 10.44.1.11 } meta l4proto { tcp, udp } return',
    );
  });

  it('resolves a named port of the selected pod', () => {
    const text = rules(
      policy('app', { podSelector: { matchLabels: { app: 'insurances' } }, ingress: [{ ports: [{ port: 'http' }] }] }),
    );
    expect(chain(text, 'ingress-10-44-1-11')[0]).toBe('tcp dport { 8000 } return');
  });

  it('allows nothing for a peer that does not exist', () => {
    const text = rules(
      policy('app', {
        podSelector: { matchLabels: { app: 'insurances' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'nobody' } } }] }],
      }),
    );
    expect(chain(text, 'ingress-10-44-1-11')).toEqual(['reject with icmp admin-prohibited']);
  });

  it('knows address blocks, exceptions and port ranges', () => {
    const text = rules(
      policy('app', {
        podSelector: { matchLabels: { app: 'travels' } },
        egress: [
          {
            to: [{ ipBlock: { cidr: '10.72.0.0/16', except: ['10.72.1.0/24'] } }],
            ports: [{ port: 8000, endPort: 9000 }],
          },
        ],
        policyTypes: ['Egress'],
      }),
    );
    expect(chain(text, 'egress-10-44-1-10')[0]).toBe(
      'ip daddr 10.72.0.0/16 ip daddr != { 10.72.1.0/24 } tcp dport 8000-9000 return',
    );
  });

  it('infers the directions as the API does', () => {
    const both = rules(policy('app', { podSelector: {}, egress: [{}], ingress: [] }));
    expect(both).toContain('ip saddr vmap');
    expect(both).toContain('ip daddr vmap');
    const ingress = rules(policy('app', { podSelector: {} }));
    expect(ingress).not.toContain('ip saddr vmap');
    expect(ingress).toContain('ip daddr vmap');
  });
});

describe('selects', () => {
  it.each([
    [{}, { a: '1' }, true],
    [{ matchLabels: { a: '1' } }, { a: '1', b: '2' }, true],
    [{ matchLabels: { a: '1' } }, { a: '2' }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] }, { a: '2' }, true],
    [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, {}, true],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }, {}, false],
    [{ matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, {}, true],
  ])('%j selects %j: %s', (selector, labels, expected) => {
    expect(selects(selector, labels)).toBe(expected);
  });

  it('refuses an operator it does not know', () => {
    expect(() => selects({ matchExpressions: [{ key: 'a', operator: 'Gt' }] })).toThrow("label selector operator 'Gt'");
  });
});
