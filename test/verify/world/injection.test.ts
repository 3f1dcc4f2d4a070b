import { isGatewayPod } from '../../../lib/verify/world/injection';

const templates = (names: string) => ({ annotations: { 'inject.istio.io/templates': names }, pod: {} });
const running = (name: string, ...args: string[]) => ({ annotations: {}, pod: { containers: [{ name, args }] } });

test('pods are a gateway that ask the injector for one, among other templates, too', () => {
  expect(isGatewayPod(templates('gateway'))).toBe(true);
  expect(isGatewayPod(templates('custom, gateway'))).toBe(true);
  expect(isGatewayPod(templates('sidecar,custom'))).toBe(false);
});

test('so are those whose proxy is started as a router, and no other container', () => {
  expect(isGatewayPod(running('istio-proxy', 'proxy', 'router'))).toBe(true);
  expect(isGatewayPod(running('istio-proxy', 'proxy', 'sidecar'))).toBe(false);
  expect(isGatewayPod(running('web', 'router'))).toBe(false);
});
