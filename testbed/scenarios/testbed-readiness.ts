import type { Bed } from '../bed/bed';
import type { Scenario } from '../bed/scenario';
import type { KubeObject } from '../kubernetes/types';
import { caller, meshed, server } from '../support/workloads';

/** The testbed shows of itself that a call right after `ready` sees what was applied before, however busy the machine is. */

const SLEEP = 'c1/app/sleep';
const LATE = 'late.example';
const CODES = [418, 451, 429, 511, 418, 451, 429, 511];

const answering = (code: number): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'web', namespace: 'app' },
  spec: { hosts: ['web'], http: [{ directResponse: { status: code } }] },
});

const entry: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'ServiceEntry',
  metadata: { name: 'late', namespace: 'app' },
  spec: { hosts: [LATE], ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS' },
};

const publicService: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'public', namespace: 'app' },
  spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
};

/** Each call is made once, right after `ready`. */
async function changes(bed: Bed): Promise<void> {
  for (const code of CODES) {
    await bed.apply('c1', [answering(code)]);
    await bed.ready();
    await bed.expect({ from: SLEEP, url: 'http://web/', expect: { code }, why: `the route that was applied: ${code}` });
  }
  await bed.kubectl('c1', ['delete', 'virtualservice', 'web', '--namespace=app']);
  await bed.ready();
  await bed.expect({ from: SLEEP, url: 'http://web/', expect: { code: 200 }, why: 'the route that was deleted' });

  await bed.expect({ from: SLEEP, url: `http://${LATE}/`, expect: { error: 'curl 6' }, why: 'a name without address' });
  await bed.apply('c1', [publicService]);
  await bed.ready();
  await bed.expect({
    from: SLEEP,
    url: `http://${LATE}/`,
    expect: { code: 200, hops: [{ at: SLEEP, direction: 'outbound', cluster: LATE }] },
    why: 'the sidecar has looked up a name that had no address when it first did',
  });
}

const readiness: Scenario = {
  name: 'testbed/readiness',
  clusters: {
    c1: {
      controlPlane: { mesh: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } },
      dns: { [LATE]: 'c1:app/public' },
      objects: [
        meshed('app'),
        ...caller('app', 'sleep'),
        ...server('app', 'web', { ports: { http: [80, 8080] } }),
        entry,
      ],
    },
  },
  test: changes,
};

export default readiness;
