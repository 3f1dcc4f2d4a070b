import { exposureKey } from '../../lib/facts/exposure';

test('an exposure is named by namespace, service, port and subset; a server in no mesh by host and port', () => {
  expect(exposureKey({ namespace: 'broker', name: 'insurances', port: 8000 })).toBe('broker/insurances:8000');
  expect(exposureKey({ namespace: 'broker', name: 'insurances', port: 8000, subset: 'v1' })).toBe(
    'broker/insurances:8000/v1',
  );
  expect(exposureKey({ name: 'api.bank.example', port: 443 })).toBe('api.bank.example:443');
});
