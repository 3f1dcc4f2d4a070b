import { GatewayPort } from '../../lib';
import { messageOf } from '../support/model';

test('the common ports have the names and container ports of Istio', () => {
  expect(GatewayPort.http()).toMatchObject({ protocol: 'http', name: 'http2', number: 80, targetPort: 8080 });
  expect(GatewayPort.https()).toMatchObject({ protocol: 'https', name: 'https', number: 443, targetPort: 8443 });
  expect(GatewayPort.tls()).toMatchObject({ protocol: 'tls', name: 'tls', number: 15443, targetPort: 15443 });
});

test('other ports say their number', () => {
  expect(GatewayPort.http(8000)).toMatchObject({ name: 'http2-8000', targetPort: 8000 });
  expect(GatewayPort.https(8443)).toMatchObject({ name: 'https-8443', targetPort: 8443 });
  expect(GatewayPort.tls(443)).toMatchObject({ name: 'tls-443', targetPort: 443 });
  expect(GatewayPort.https(443, 9443)).toMatchObject({ name: 'https', targetPort: 9443 });
});

test('a name may be an interface', () => {
  expect({ ...GatewayPort.https(8188).named('https-discovery') }).toEqual({
    protocol: 'https',
    name: 'https-discovery',
    number: 8188,
    targetPort: 8188,
    isTargetStated: false,
    isNameStated: true,
  });
  expect(messageOf(() => GatewayPort.http().named('Web'))).toContain("MESH1001 GatewayPort.named: name 'Web'");
});

test('numbers are in range', () => {
  expect(messageOf(() => GatewayPort.http(0))).toBe(
    "MESH1003 GatewayPort: port '0' is out of range; expected a whole number from 1 to 65535",
  );
  expect(messageOf(() => GatewayPort.https(443, 70000))).toContain("MESH1003 GatewayPort: port '70000'");
});
