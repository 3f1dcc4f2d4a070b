import { nearest } from '../../lib/facts/nearest';

const KNOWN = ['shop', 'gateways', 'istio-system', 'team-a', 'prod1', 'premium-broker'];

test.each([
  ['shpo', 'shop'],
  ['shops', 'shop'],
  ['sho', 'shop'],
  ['gatways', 'gateways'],
  ['istiosystem', 'istio-system'],
  ['istio-sytem', 'istio-system'],
  ['premium-borker', 'premium-broker'],
  ['premimu-broker', 'premium-broker'],
])("'%s' is most likely '%s'", (name, meant) => {
  expect(nearest(name, KNOWN)).toBe(meant);
});

test.each(['shop', 'team-b', 'prod2', 'shop-eu', 'stop-gap', 'x', 'checkout', 'shelf'])(
  "'%s' is a name of its own",
  (name) => {
    expect(nearest(name, KNOWN)).toBeUndefined();
  },
);

test('the nearest one is meant, whatever the order', () => {
  expect(nearest('gatewys', ['gatewayz', 'gateways'])).toBe('gateways');
  expect(nearest('gatewys', ['gateways', 'gatewayz'])).toBe('gateways');
});
