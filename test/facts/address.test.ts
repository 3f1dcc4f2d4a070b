import { Address } from '../../lib/facts/address';
import { messageOf } from '../support/model';

describe('Address', () => {
  test('hostname: one name, in lower case', () => {
    expect(Address.hostname('LB.partner.example')).toMatchObject({ kind: 'hostname', hosts: ['lb.partner.example'] });
  });

  test('ip: one or more of either family', () => {
    expect(Address.ip('192.0.2.1', '2001:db8::1')).toMatchObject({ kind: 'ip', hosts: ['192.0.2.1', '2001:db8::1'] });
  });

  test("the port to dial for a port of the gateway: its node port, the load balancer's, or its own", () => {
    const nodes = ['192.0.2.1'];
    const several = Address.nodePort({ nodes, ports: { 80: 30080, 443: 30443 } });
    expect([80, 443, 15443].map((port) => several.portOf(port))).toEqual([30080, 30443, undefined]);
    expect(Address.nodePort({ nodes, port: 30443 }).portOf(443)).toBe(30443);
    expect(Address.hostname('lb.example', { port: 8443 }).portOf(443)).toBe(8443);
    expect(Address.ip('192.0.2.1').portOf(443)).toBeUndefined();
  });

  test('nodePort: nodes and the port', () => {
    const address = Address.nodePort({ nodes: ['192.0.2.1', '192.0.2.2'], port: 30443 });
    expect(address).toMatchObject({ kind: 'nodePort', hosts: ['192.0.2.1', '192.0.2.2'], port: 30443 });
  });

  test.each([
    [
      () => Address.hostname('192.0.2.1'),
      "MESH1002 Address.hostname: address '192.0.2.1' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard",
    ],
    [() => Address.ip('lb.example'), "MESH1005 Address: 'lb.example' is no IP address; use Address.hostname for names"],
    [() => Address.ip(), 'MESH1005 Address.ip: the list of addresses is empty; state at least one'],
    [
      () => Address.nodePort({ nodes: [], port: 30443 }),
      'MESH1005 Address.nodePort: the list of addresses is empty; state at least one',
    ],
    [
      () => Address.nodePort({ nodes: ['192.0.2.1'], port: 30443, ports: { 443: 30443 } }),
      "MESH1005 Address.nodePort: 'port' and 'ports' are both stated; state 'ports' alone",
    ],
    [
      () => Address.nodePort({ nodes: ['192.0.2.1'], ports: {} }),
      "MESH1005 Address.nodePort: 'ports' is empty; state the node port of each, such as { 443: 30443 }",
    ],
    [
      () => Address.nodePort({ nodes: ['192.0.2.1'], ports: { https: 30443 } as Record<string, number> }),
      "MESH1003 Address.nodePort: port 'NaN' is out of range; expected a whole number from 1 to 65535",
    ],
    [
      () => Address.nodePort({ nodes: ['192.0.2.1'], ports: { 443: 0 } }),
      "MESH1003 Address.nodePort: port '0' is out of range; expected a whole number from 1 to 65535",
    ],
    [
      () => Address.nodePort({ nodes: ['node-1'], port: 30443 }),
      "MESH1005 Address.nodePort: node 'node-1' is no IP address; expected addresses of nodes, or for a name Address.hostname('node-1', { port: 30443 })",
    ],
    [
      () => Address.nodePort({ nodes: ['192.0.2.1'], port: 99999 }),
      "MESH1003 Address.nodePort: port '99999' is out of range; expected a whole number from 1 to 65535",
    ],
  ])('%s is refused', (run, message) => {
    expect(messageOf(run)).toBe(message);
  });
});

test('the load balancer may have another port than the gateway', () => {
  expect(Address.hostname('lb.west.example', { port: 443 })).toMatchObject({ kind: 'hostname', port: 443 });
  expect(Address.ip('192.0.2.1', '192.0.2.2').at(443)).toMatchObject({ hosts: ['192.0.2.1', '192.0.2.2'], port: 443 });
  expect(messageOf(() => Address.nodePort({ nodes: ['192.0.2.1'], port: 30443 }).at(443))).toBe(
    'MESH1005 Address.at: a port of nodes is stated with them; use Address.nodePort({ nodes, port })',
  );
});
