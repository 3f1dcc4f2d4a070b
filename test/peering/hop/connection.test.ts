import { Duration } from 'cdk8s';
import {
  Connection,
  type ConnectionOptions,
  Istio,
  LoadBalancing,
  Ossm,
  type Platform,
  type Protocol,
} from '../../../lib';
import { messageOf } from '../../support/model';

const render = (options: ConnectionOptions, protocol: Protocol = 'http', platform: Platform = Istio.v1_31()) =>
  Connection.of(options).render({ protocol, platform, key: 'shop/pay:80', where: 'pay' });

describe('Connection', () => {
  test('is what Istio writes, and nothing that is not stated', () => {
    expect(
      render({
        connectTimeout: Duration.seconds(2),
        idleTimeout: Duration.minutes(5),
        maxDuration: Duration.hours(1),
        maxConnections: 100,
        keepalive: { idle: Duration.minutes(5), interval: Duration.seconds(30), probes: 3 },
        requests: { maxPending: 10, max: 50, maxPerConnection: 100, maxRetries: 3, maxConcurrentStreams: 20 },
        outlierDetection: {
          consecutive5xxErrors: 0,
          consecutiveGatewayErrors: 3,
          interval: Duration.seconds(1),
          baseEjectionTime: Duration.seconds(15),
          maxEjectionPercent: 100,
          minHealthPercent: 50,
        },
        loadBalancing: LoadBalancing.roundRobin(),
      }),
    ).toEqual({
      connectionPool: {
        tcp: {
          connectTimeout: '2s',
          maxConnectionDuration: '3600s',
          maxConnections: 100,
          tcpKeepalive: { time: '300s', interval: '30s', probes: 3 },
        },
        http: {
          idleTimeout: '300s',
          http1MaxPendingRequests: 10,
          http2MaxRequests: 50,
          maxRequestsPerConnection: 100,
          maxRetries: 3,
          maxConcurrentStreams: 20,
        },
      },
      loadBalancer: { simple: 'ROUND_ROBIN' },
      outlierDetection: {
        consecutive5xxErrors: 0,
        consecutiveGatewayErrors: 3,
        interval: '1s',
        baseEjectionTime: '15s',
        maxEjectionPercent: 100,
        minHealthPercent: 50,
      },
    });
    expect(render({ connectTimeout: Duration.millis(500) })).toEqual({
      connectionPool: { tcp: { connectTimeout: '500ms' } },
    });
    expect(render({ maxConnections: undefined, loadBalancing: LoadBalancing.random() })).toEqual({
      loadBalancer: { simple: 'RANDOM' },
    });
  });

  test('a connection that nothing flows through is one of requests, or of bytes', () => {
    const idle = { idleTimeout: Duration.seconds(30) };
    expect(render(idle)).toEqual({ connectionPool: { http: { idleTimeout: '30s' } } });
    expect(render(idle, 'tcp')).toEqual({ connectionPool: { tcp: { idleTimeout: '30s' } } });
  });

  test.each<[LoadBalancing, object]>([
    [LoadBalancing.leastRequest(), { simple: 'LEAST_REQUEST' }],
    [LoadBalancing.byHeader('x-user'), { consistentHash: { httpHeaderName: 'x-user' } }],
    [
      LoadBalancing.byQuery('user', { minimumRingSize: 64 }),
      { consistentHash: { httpQueryParameterName: 'user', ringHash: { minimumRingSize: 64 } } },
    ],
    [LoadBalancing.byCookie('session'), { consistentHash: { httpCookie: { name: 'session' } } }],
    [
      LoadBalancing.byCookie('session', { ttl: Duration.hours(1), path: '/' }),
      { consistentHash: { httpCookie: { name: 'session', ttl: '3600s', path: '/' } } },
    ],
    [LoadBalancing.bySourceAddress(), { consistentHash: { useSourceIp: true } }],
  ])('%#: how an endpoint is chosen', (loadBalancing, loadBalancer) => {
    expect(render({ loadBalancing })).toEqual({ loadBalancer });
  });
});

describe('connections that do not fit are refused', () => {
  const of = 'MESH1320 Connection.of:';

  test.each<[unknown, string]>([
    [{}, `${of} nothing is stated; state an option, or leave the connection out`],
    [undefined, expect.stringContaining('MESH1006 Connection.of: options is undefined') as unknown as string],
    [
      { timeout: 1 },
      "MESH1006 Connection.of: 'timeout' is not an option, expected connectTimeout, idleTimeout, maxDuration, maxConnections, keepalive, requests, outlierDetection, loadBalancing",
    ],
    [{ keepalive: {} }, `${of} keepalive is empty; state an option, or leave it out`],
    [{ requests: { maxPending: 0 } }, `${of} maxPending 0 is malformed; expected a whole number, 1 or more`],
    [{ maxConnections: '5' }, `${of} maxConnections "5" is malformed; expected a whole number, 1 or more`],
    [
      { outlierDetection: { maxEjectionPercent: 101 } },
      `${of} maxEjectionPercent 101 is malformed; expected a whole number, from 0 to 100`,
    ],
    [
      { outlierDetection: { consecutiveErrors: 1 } },
      "MESH1006 Connection.of: 'consecutiveErrors' is not an option of 'outlierDetection', expected consecutive5xxErrors, consecutiveGatewayErrors, interval, baseEjectionTime, maxEjectionPercent, minHealthPercent",
    ],
    [
      { connectTimeout: '2s' },
      "MESH1006 Connection.of: 'connectTimeout' is '2s', expected a Duration of cdk8s such as Duration.seconds(2)",
    ],
    [
      { connectTimeout: Duration.millis(0) },
      'MESH1309 Connection.of: connectTimeout of 0 milliseconds is malformed; expected whole milliseconds, 1 or more',
    ],
    [
      { loadBalancing: 'ROUND_ROBIN' },
      "MESH1006 Connection.of: 'loadBalancing' is 'ROUND_ROBIN', expected one such as LoadBalancing.roundRobin()",
    ],
  ])('%#', (options, message) => {
    expect(messageOf(() => Connection.of(options as ConnectionOptions))).toEqual(message);
  });

  test.each<[() => unknown, string]>([
    [
      () => LoadBalancing.byCookie('session', { path: '/' }),
      "MESH1320 LoadBalancing: path '/' is of a cookie that the proxy makes, which needs ttl; state it, too",
    ],
    [
      () => LoadBalancing.byHeader('x user'),
      "MESH1320 LoadBalancing: name 'x user' of the header is malformed; expected letters, digits and '-'",
    ],
    [
      () => LoadBalancing.bySourceAddress({ minimumRingSize: 0 }),
      'MESH1320 LoadBalancing: minimumRingSize 0 is malformed; expected a whole number, 1 or more',
    ],
    [
      () => LoadBalancing.byHeader('user', { ringSize: 5 } as never),
      "MESH1006 LoadBalancing: 'ringSize' is not an option, expected minimumRingSize",
    ],
    [
      () => LoadBalancing.byCookie('session', { domain: 'a' } as never),
      "MESH1006 LoadBalancing: 'domain' is not an option, expected minimumRingSize, ttl, path",
    ],
  ])('%#: load balancing', (run, message) => {
    expect(messageOf(run)).toBe(message);
  });

  const states = 'MESH1321 pay: the connection of shop/pay:80 states';

  test.each<[ConnectionOptions, string]>([
    [
      { requests: { max: 1 } },
      `${states} 'requests', but the proxy that connects sees no requests there (tls); leave it out`,
    ],
    [
      { loadBalancing: LoadBalancing.byHeader('x-user') },
      `${states} a header, but the proxy that connects sees no requests there (tls); leave it out`,
    ],
    [
      { loadBalancing: LoadBalancing.byQuery('user') },
      `${states} a query parameter, but the proxy that connects sees no requests there (tls); leave it out`,
    ],
  ])('%#: what needs requests where none are seen', (options, message) => {
    expect(messageOf(() => render(options, 'tls'))).toBe(message);
  });

  test('what the platform does not know', () => {
    const knows = 'which OpenShift Service Mesh 2.6 (Istio 1.20) does not know and would drop; leave it out';
    expect(messageOf(() => render({ requests: { maxConcurrentStreams: 1 } }, 'http2', Ossm.v2_6()))).toBe(
      `MESH1322 pay: the connection of shop/pay:80 states maxConcurrentStreams, ${knows}`,
    );
    const idle = { idleTimeout: Duration.seconds(1) };
    expect(messageOf(() => render(idle, 'tcp', Ossm.v2_6()))).toBe(
      `MESH1322 pay: the connection of shop/pay:80 states idleTimeout of bytes, ${knows}`,
    );
    expect(render(idle, 'http', Ossm.v2_6())).toEqual({ connectionPool: { http: { idleTimeout: '1s' } } });
    expect(render(idle, 'tcp', Ossm.v3())).toEqual({ connectionPool: { tcp: { idleTimeout: '1s' } } });
  });
});
