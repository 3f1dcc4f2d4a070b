import { said } from '../support';

const service = (spec: unknown, metadata: object = {}): string[] => said('v1', 'Service', spec, metadata);
const entry = (metadata: object): string[] =>
  said('networking.istio.io/v1', 'ServiceEntry', { hosts: ['a.b'] }, metadata);

describe('metadata', () => {
  test.each<[metadata: object, problem: string]>([
    [{ name: undefined }, 'metadata.name is required'],
    [
      { name: 5 },
      'metadata.name is 5, expected a string: YAML reads what looks like a number as one; put it in quotes',
    ],
    [{ name: 'a_b' }, 'metadata.name is "a_b", expected at most 253 lower-case letters, digits, dashes and dots'],
    [{ namespace: 'a.b' }, 'metadata.namespace is "a.b", expected at most 63 lower-case letters, digits and dashes'],
    [
      { namespace: 5 },
      'metadata.namespace is 5, expected a string: YAML reads what looks like a number as one; put it in quotes',
    ],
    [{ lables: {} }, 'metadata.lables is no field of metadata'],
    [{ labels: [] }, 'metadata.labels is [], expected an object'],
    [
      { labels: { a: true } },
      'metadata.labels.a is true, expected a string: YAML reads true, yes, on and y as a boolean; put it in quotes',
    ],
    [{ labels: { 'a b': 'c' } }, 'metadata.labels[a b] has the key "a b", expected a label\'s name'],
    [{ labels: { 'A.b/c': 'c' } }, 'metadata.labels[A.b/c] has the key "A.b/c", expected a label\'s name'],
    [
      { labels: { a: '-' } },
      'metadata.labels.a is "-", expected at most 63 letters, digits, dashes, dots and underscores',
    ],
    [{ annotations: { 'a b': 'c' } }, 'metadata.annotations[a b] has the key "a b", expected an annotation\'s name'],
    [{ annotations: { a: 'x'.repeat(256 * 1024) } }, 'metadata.annotations has 262145 bytes, expected at most 262144'],
  ])('%j', (metadata, problem) => {
    expect(entry(metadata)).toEqual([problem]);
  });

  test('names may be generated, labels empty, keys of annotations in upper case', () => {
    expect(
      entry({ name: undefined, generateName: 'a-', labels: { 'a.b/C': '' }, annotations: { 'A.b/c': 'any *' } }),
    ).toEqual([]);
  });

  test('names and values of labels have at most 63 characters', () => {
    expect(entry({ labels: { ['x'.repeat(63)]: 'x'.repeat(63) } })).toEqual([]);
    expect(entry({ labels: { ['x'.repeat(64)]: 'a' } })).toHaveLength(1);
    expect(entry({ labels: { a: 'x'.repeat(64) } })).toHaveLength(1);
  });

  test('an object of the whole cluster has no namespace', () => {
    expect(said('v1', 'Namespace', {})).toEqual([
      'metadata.namespace is "prod", expected none: the kind belongs to the whole cluster',
    ]);
    expect(said('v1', 'Namespace', {}, { namespace: undefined, name: 'a.b' })).toEqual([
      'metadata.name is "a.b", expected at most 63 lower-case letters, digits and dashes',
    ]);
  });
});

describe('Service', () => {
  test('what our workloads have is taken', () => {
    expect(
      service({
        ports: [
          { name: 'http', port: 80, targetPort: 'http' },
          { name: 'https', port: 443, targetPort: 8443 },
        ],
      }),
    ).toEqual([]);
    expect(service({ clusterIP: 'None' })).toEqual([]);
    expect(
      service({
        type: 'NodePort',
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', nodePort: 30053 },
          { name: 'dns-tcp', port: 53, nodePort: 30053 },
          { name: 'http', port: 80, nodePort: 0 },
        ],
      }),
    ).toEqual([]);
    expect(service({ type: 'ExternalName', externalName: 'a.example.com' })).toEqual([]);
    expect(
      service({
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53 },
        ],
      }),
    ).toEqual([]);
  });

  test.each<[spec: unknown, problem: string]>([
    [undefined, 'spec is required'],
    [{}, 'spec.ports is empty, expected at least one port'],
    [{ ports: {} }, 'spec.ports is {}, expected a list'],
    [
      { type: 'Gateway', ports: [{ port: 1 }] },
      'spec.type is "Gateway", expected one of ClusterIP, NodePort, LoadBalancer, ExternalName',
    ],
    [{ ports: [{ port: 1 }], ipFamilies: ['IPv4', 'v6'] }, 'spec.ipFamilies[1] is "v6", expected one of IPv4, IPv6'],
    [
      { ports: [{ port: 1 }], clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.2'] },
      'spec.clusterIPs[0] is "10.0.0.2", expected "10.0.0.1" of clusterIP',
    ],
    [
      { ports: [{ port: 1 }], sessionAffinity: 'Client' },
      'spec.sessionAffinity is "Client", expected one of None, ClientIP',
    ],
    [{ clusterIP: 'any', ports: [{ port: 1 }] }, 'spec.clusterIP is "any", expected an IP address or None'],
    [{ ports: [1] }, 'spec.ports[0] is 1, expected an object'],
    [{ ports: [{ port: 0 }] }, 'spec.ports[0].port is 0, expected a port from 1 to 65535'],
    [
      { ports: [{ port: 1, name: 'A' }] },
      'spec.ports[0].name is "A", expected at most 63 lower-case letters, digits and dashes',
    ],
    [{ ports: [{ port: 1, protocol: 'HTTP' }] }, 'spec.ports[0].protocol is "HTTP", expected one of TCP, UDP, SCTP'],
    [
      { ports: [{ port: 1, targetPort: 'much-too-long-name' }] },
      'spec.ports[0].targetPort is "much-too-long-name", expected a port from 1 to 65535 or the name of a container\'s port',
    ],
    [
      { ports: [{ port: 1, name: 'a' }, { port: 2 }] },
      'spec.ports[1].name is required when a Service has several ports',
    ],
    [
      {
        ports: [
          { port: 1, name: 'a' },
          { port: 2, name: 'a' },
        ],
      },
      'spec.ports[1].name is "a", the name of another port',
    ],
    [
      {
        ports: [
          { port: 1, name: 'a' },
          { port: 1, name: 'b' },
        ],
      },
      'spec.ports[1] is TCP 1, which is there already',
    ],
    [
      {
        type: 'NodePort',
        ports: [
          { port: 1, name: 'a', nodePort: 30001 },
          { port: 2, name: 'b', nodePort: 30001 },
        ],
      },
      'spec.ports[1].nodePort is 30001, that of another port',
    ],
    [
      { ports: [{ port: 1, nodePort: 30001 }] },
      'spec.ports[0].nodePort is 30001, which a Service of type ClusterIP cannot have',
    ],
    [
      { type: 'NodePort', ports: [{ port: 1, nodePort: '30001' }] },
      'spec.ports[0].nodePort is "30001", expected a port from 1 to 65535',
    ],
    [{ type: 'ExternalName' }, 'spec.externalName is required for type ExternalName'],
    [{ type: 'ExternalName', externalName: 'A' }, 'spec.externalName is "A", expected a domain name in lower case'],
    [
      { type: 'ExternalName', externalName: 'a', clusterIP: 'None' },
      'spec.clusterIP is None, which a Service of type ExternalName cannot have',
    ],
  ])('%j', (spec, problem) => {
    expect(service(spec)).toEqual([problem]);
  });

  test('a name begins with a letter', () => {
    expect(service({ clusterIP: 'None' }, { name: '1a' })).toEqual([
      'metadata.name is "1a", expected a Service\'s name to begin with a letter',
    ]);
  });
});
