import { Port } from '../../lib';
import type { Protocol } from '../../lib/facts/port';
import { MeshService, type MeshServiceProps } from '../../lib/facts/service';
import { messageOf } from '../support/model';

const owner = { mesh: 'east/production', domain: 'cluster.local' };

function service<P extends Protocol>(props: Partial<MeshServiceProps<P>> & { ports: Port<P>[] }, name = 'insurances') {
  return new MeshService<P>(owner, name, { namespace: 'travel', ...props });
}

describe('MeshService', () => {
  test('is a destination when it has one port', () => {
    const insurances = service({ ports: [Port.http(8000)], subsets: { v1: { version: 'v1' } } });
    expect(insurances).toMatchObject({
      host: 'insurances.travel.svc.cluster.local',
      ref: 'travel/insurances',
      protocol: 'http',
      usableIn: 'east/production',
      nextHop: { host: 'insurances.travel.svc.cluster.local', port: 8000 },
    });
    expect(insurances.subset('v1')).toEqual({
      protocol: 'http',
      usableIn: 'east/production',
      nextHop: { host: 'insurances.travel.svc.cluster.local', port: 8000, subset: 'v1' },
    });
  });

  test('at: one of several ports, with the name it was declared with', () => {
    const both = service({ ports: [Port.http(8000, { name: 'http-web' }), Port.tcp(9000)] });
    expect(both.at(Port.http(8000)).port).toMatchObject({ name: 'http-web', number: 8000 });
    expect(both.at(Port.tcp(9000)).nextHop).toEqual({ host: both.host, port: 9000 });
  });

  test('an ambiguous port is refused', () => {
    const both = service({ ports: [Port.http(8000), Port.tcp(9000)], subsets: { v1: { version: 'v1' } } });
    const message =
      'MESH1103 east/production/travel/insurances: the service has several ports (http 8000, tcp 9000); say which one with .at(Port.…)';
    expect(messageOf(() => both.port)).toBe(message);
    expect(messageOf(() => both.nextHop)).toBe(message);
    expect(messageOf(() => both.subset('v1'))).toBe(message);
  });

  test('a port that is not of the service is refused: by number, and by protocol', () => {
    const both = service({ ports: [Port.http(8000), Port.tcp(9000)] });
    expect(messageOf(() => both.at(Port.http(80)))).toBe(
      'MESH1102 east/production/travel/insurances: port http 80 is not one of the service; it has http 8000, tcp 9000',
    );
    expect(messageOf(() => both.at(Port.tcp(8000)))).toBe(
      'MESH1102 east/production/travel/insurances: port tcp 8000 is not one of the service; it has http 8000, tcp 9000',
    );
  });

  test('an unknown subset is refused with those that are known', () => {
    const split = service({ ports: [Port.http(80)], subsets: { v2: { version: 'v2' }, v1: { version: 'v1' } } });
    expect(messageOf(() => split.subset('v3'))).toBe(
      "MESH1104 east/production/travel/insurances: subset 'v3' is not declared; declared are v1, v2: add it to 'subsets' with its pod labels",
    );
    expect(messageOf(() => service({ ports: [Port.http(80)] }).requireSubset('v1'))).toBe(
      "MESH1104 east/production/travel/insurances: subset 'v1' is not declared; the service declares none: add it to 'subsets' with its pod labels",
    );
  });

  test('a subset that every object of JavaScript seems to have is unknown, too', () => {
    expect(messageOf(() => service({ ports: [Port.http(80)] }).subset('constructor'))).toContain(
      "subset 'constructor' is not declared; the service declares none",
    );
  });

  test('a name that begins with a digit is refused: Kubernetes accepts no such Service', () => {
    expect(messageOf(() => service({ ports: [Port.http(80)] }, '3scale'))).toBe(
      "MESH1001 east/production/travel/3scale: service name '3scale' begins with a digit; expected a letter, because Kubernetes accepts no such Service (RFC 1035)",
    );
  });

  test('a subset without labels would select every pod', () => {
    expect(messageOf(() => service({ ports: [Port.http(80)], subsets: { v1: {} } }))).toBe(
      "MESH1104 east/production/travel/insurances: subset 'v1' has no labels, so it would select every pod; state the pod labels that tell it apart",
    );
  });

  test('ports: at least one, numbers and names each once', () => {
    expect(messageOf(() => service({ ports: [] }))).toBe(
      'MESH1101 east/production/travel/insurances: a service without ports cannot be called; state at least one port',
    );
    expect(messageOf(() => service({ ports: [Port.http(80), Port.tcp(80)] as Port[] }))).toBe(
      'MESH1101 east/production/travel/insurances: ports http 80, tcp 80 repeat a number; expected each once',
    );
    expect(messageOf(() => service({ ports: [Port.http(80), Port.http(81)] }))).toBe(
      "MESH1101 east/production/travel/insurances: ports http 80, http 81 repeat a name; expected each once, such as Port.http(8081, { name: 'http-admin' })",
    );
  });

  test('malformed names are refused', () => {
    expect(messageOf(() => service({ ports: [Port.http(80)] }, 'Insurances'))).toContain(
      "MESH1001 east/production/travel/Insurances: service name 'Insurances' is no DNS label",
    );
    expect(messageOf(() => service({ ports: [Port.http(80)], namespace: 'a.b' }))).toContain(
      "namespace 'a.b' is no DNS label",
    );
    expect(messageOf(() => service({ ports: [Port.http(80)], subsets: { V1: { version: 'v1' } } }))).toContain(
      "subset 'V1' is no DNS label",
    );
  });
});
