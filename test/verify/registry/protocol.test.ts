import { servicePortProtocol } from '../../../lib/verify/registry/protocol';

test.each([
  [{ port: 80, name: 'http-web' }, 'HTTP'],
  [{ port: 80, name: 'grpc-web-x' }, 'GRPC-Web'],
  [{ port: 80, name: 'web' }, 'Unsupported'],
  [{ port: 3306 }, 'TCP'],
  [{ port: 80, name: 'http', appProtocol: 'kubernetes.io/h2c' }, 'HTTP2'],
  [{ port: 80, name: 'tcp', appProtocol: 'https' }, 'HTTPS'],
  [{ port: 53, name: 'http', protocol: 'UDP' }, 'UDP'],
])('the protocol of %j is %s', (port, protocol) => {
  expect(servicePortProtocol(port)).toBe(protocol);
});
