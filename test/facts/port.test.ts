import * as fc from 'fast-check';
import { isHttp, Port, portNumber } from '../../lib/facts/port';
import { messageOf } from '../support/model';

describe('Port', () => {
  test('is named after its protocol, and the container listens on the same number', () => {
    for (const protocol of ['http', 'http2', 'grpc', 'tls', 'tcp'] as const) {
      expect(Port[protocol](8000)).toMatchObject({ protocol, number: 8000, name: protocol, targetPort: 8000 });
    }
  });

  test('name and container port can be stated', () => {
    expect(Port.http(80, { name: 'http-web', targetPort: 8080 })).toMatchObject({ name: 'http-web', targetPort: 8080 });
  });

  test('a name that does not say its protocol is refused', () => {
    for (const name of ['web', 'http2', 'httpweb', '']) {
      expect(messageOf(() => Port.http(80, { name }))).toBe(
        `MESH1003 port 80: port name '${name}' does not say its protocol; expected 'http' or a name that begins with 'http-', because Istio reads the protocol from it`,
      );
    }
  });

  test('a name that is no DNS label is refused', () => {
    expect(messageOf(() => Port.http(80, { name: 'http-My_web' }))).toBe(
      "MESH1001 port 80: port name 'http-My_web' is no DNS label; expected lower case letters, digits and '-', beginning and ending with a letter or digit",
    );
    expect(messageOf(() => Port.http(80, { name: `http-${'a'.repeat(60)}` }))).toContain(
      'has 65 characters, expected at most 63',
    );
  });

  test('number and container port are in range', () => {
    expect(messageOf(() => Port.http(0))).toBe(
      "MESH1003 port http: port '0' is out of range; expected a whole number from 1 to 65535",
    );
    expect(messageOf(() => Port.tcp(80, { targetPort: 65536 }))).toBe(
      "MESH1003 port tcp: port '65536' is out of range; expected a whole number from 1 to 65535",
    );
  });
});

describe('portNumber', () => {
  test('accepts 1 to 65535 and nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 65535 }), (value) => portNumber(value, 'here') === value));
    for (const value of [0, -1, 65536, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(messageOf(() => portNumber(value, 'here'))).toBe(
        `MESH1003 here: port '${value}' is out of range; expected a whole number from 1 to 65535`,
      );
    }
  });
});

test('isHttp: the mesh sees requests of http, http2 and grpc', () => {
  expect((['http', 'http2', 'grpc', 'tls', 'tcp'] as const).filter(isHttp)).toEqual(['http', 'http2', 'grpc']);
});
