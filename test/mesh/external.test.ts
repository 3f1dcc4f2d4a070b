import { External, Fleet, Mesh, Port, TrustBundle } from '../../lib';
import { manifestsOf, messageOf } from '../support/model';

describe('External.server', () => {
  test('is a host with ports', () => {
    const server = External.server({ host: 'API.bank.example', ports: [Port.tls(443)] });
    expect(server).toMatchObject({ host: 'api.bank.example', name: 'api.bank.example' });
    expect(server.port.number).toBe(443);
  });

  test('one of several ports is said', () => {
    const server = External.server({ host: 'api.bank.example', ports: [Port.http(80), Port.tls(443)] });
    expect(server.at(Port.tls(443)).port).toMatchObject({ protocol: 'tls', number: 443 });
    expect(messageOf(() => server.port)).toBe(
      'MESH1103 External.server api.bank.example: the server has several ports (http 80, tls 443); say which one with .at(Port.…)',
    );
    expect(messageOf(() => server.at(Port.http(8080)))).toBe(
      'MESH1102 External.server api.bank.example: port http 8080 is not one of the server; it has http 80, tls 443',
    );
  });

  test('without ports it cannot be called', () => {
    expect(messageOf(() => External.server({ host: 'api.bank.example', ports: [] }))).toBe(
      'MESH1101 External.server api.bank.example: a server without ports cannot be called; state at least one port',
    );
  });

  test('a malformed host is refused', () => {
    expect(messageOf(() => External.server({ host: 'https://api.bank.example', ports: [Port.tls(443)] }))).toBe(
      "MESH1002 External.server: host 'https://api.bank.example' is no fully qualified host name; expected something like 'insurances.partner.example.com', without scheme, port, path or wildcard",
    );
  });
});

test('External.client is a name', () => {
  expect(External.client('till').name).toBe('till');
});

describe('Mesh.external', () => {
  test('is facts: nothing is written', () => {
    const root = TrustBundle.declared('ca');
    expect(
      manifestsOf((fleet) => {
        const agency = Mesh.external(fleet, 'agency', { trustDomain: 'agency.example', root });
        expect(agency).toMatchObject({ name: 'agency', trustDomain: 'agency.example', root });
        expect(agency.service('web', { namespace: 'travel', ports: [Port.http(80)] }).host).toBe(
          'web.travel.svc.cluster.local',
        );
      }).clusters,
    ).toEqual([]);
  });

  test('services have the domain of its cluster', () => {
    const agency = Mesh.external(new Fleet(), 'agency', { trustDomain: 'agency.example', domain: 'corp.example' });
    expect(agency.service('web', { namespace: 'travel', ports: [Port.http(80)] }).host).toBe(
      'web.travel.svc.corp.example',
    );
  });

  test('malformed facts are refused', () => {
    expect(messageOf(() => Mesh.external(new Fleet(), 'Agency', { trustDomain: 'a' }))).toContain(
      "MESH1001 fleet: mesh id 'Agency' is no DNS label",
    );
    expect(messageOf(() => Mesh.external(new Fleet(), 'agency', { trustDomain: 'spiffe://a' }))).toContain(
      "MESH1401 agency: trust domain 'spiffe://a' is malformed",
    );
    expect(messageOf(() => Mesh.external(new Fleet(), 'agency', { trustDomain: 'a', domain: 'a b' }))).toContain(
      "MESH1002 agency: cluster domain 'a b' is no fully qualified host name",
    );
  });
});
