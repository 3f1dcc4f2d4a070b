import { describeHop, firstWrongHop, type HopExpectation, inOrder, parseHops } from '../../../testbed/istio/hops';

const line = (fields: object) =>
  JSON.stringify({
    flags: '-',
    code: 200,
    method: 'GET',
    details: 'via_upstream',
    authority: 'h',
    path: '/',
    ...fields,
  });

const SIDECAR = line({
  start: '100.1',
  cluster: 'outbound|443||partner',
  host: '10.72.0.10:443',
  sentTls: 'TLSv1.3',
  sentPeer: 'spiffe://partner/gw',
});
const GATEWAY = line({
  start: '100.2',
  cluster: 'outbound|8000||insurances',
  host: '10.44.2.11:8000',
  receivedTls: 'TLSv1.3',
  receivedPeer: 'spiffe://agency/travels',
  sni: 'partner.example',
  sentTls: 'TLSv1.3',
});
const PASSTHROUGH = JSON.stringify({
  flags: '-',
  code: 0,
  method: null,
  start: '100.15',
  cluster: 'outbound|443||partner',
  host: '10.72.0.10:443',
  sni: 'partner.example',
});

const hops = (...logs: [at: string, text: string][]) => inOrder(logs.flatMap(([at, text]) => parseHops(text, at)));

const WAY = hops(['c2/gateways/gateway', GATEWAY], ['c1/app/travels', SIDECAR]);

describe('parseHops', () => {
  it('reads access log lines only', () => {
    const text = `2026-11-21 info Envoy proxy is ready\n{"level":"info"}\n${SIDECAR}\n{"flags": broken`;
    expect(parseHops(text, 'c1/app/travels')).toHaveLength(1);
  });

  it('sees both sides of a proxy', () => {
    expect(WAY.map(({ at }) => at)).toEqual(['c1/app/travels', 'c2/gateways/gateway']);
    expect(WAY[0]).toMatchObject({
      direction: 'outbound',
      code: 200,
      flags: '',
      received: {},
      sent: { tls: 'TLSv1.3', peer: 'spiffe://partner/gw', cluster: 'outbound|443||partner' },
    });
    expect(WAY[1].received).toEqual({ tls: 'TLSv1.3', peer: 'spiffe://agency/travels', sni: 'partner.example' });
  });

  it('tells TCP from a request that got no answer', () => {
    expect(hops(['c1/egress/gateway', PASSTHROUGH])[0].code).toBeUndefined();
    expect(hops(['c1/app/travels', line({ code: 0, flags: 'UF' })])[0]).toMatchObject({ code: 0, flags: 'UF' });
  });

  it('knows an inbound listener by its cluster', () => {
    expect(hops(['c2/app/web', line({ cluster: 'inbound|8000||' })])[0].direction).toBe('inbound');
  });
});

describe('firstWrongHop', () => {
  const wrong = (...expected: HopExpectation[]) => firstWrongHop(WAY, expected);

  it('accepts the way as it was, with or without namespaces, with hops left out', () => {
    expect(
      wrong(
        { at: 'c1/travels', received: 'clear', sent: { peer: 'spiffe://partner/gw' }, code: 200 },
        {
          at: 'c2/gateways/gateway',
          received: { sni: 'partner.example', peer: 'spiffe://agency/travels' },
          sent: 'tls',
        },
      ),
    ).toBeUndefined();
    expect(wrong({ at: 'c2/gateway' })).toBeUndefined();
  });

  it('tells a wrong SNI', () => {
    expect(wrong({ at: 'c2/gateway', received: { sni: 'other.example' } })).toBe(
      'hop 1 (c2/gateway): expected SNI "other.example", found "partner.example"',
    );
  });

  it('tells a wrong peer', () => {
    expect(wrong({ at: 'c1/travels' }, { at: 'c2/gateway', received: { peer: 'spiffe://other/x' } })).toBe(
      'hop 2 (c2/gateway): expected peer identity "spiffe://other/x", found "spiffe://agency/travels"',
    );
  });

  it('tells TLS where clear text was expected, and the reverse', () => {
    expect(wrong({ at: 'c1/travels', sent: 'clear' })).toContain('expected sent "clear", found {"cluster"');
    expect(wrong({ at: 'c1/travels', received: 'tls' })).toBe(
      'hop 1 (c1/travels): expected received "tls", found "clear"',
    );
    expect(wrong({ at: 'c1/travels', received: { sni: 'x' } })).toContain('found "clear"');
  });

  it('tells a hop that was not passed, and what was', () => {
    expect(wrong({ at: 'c1/egress' })).toBe(
      'hop 1 (c1/egress): the call did not pass it; it passed c1/app/travels, c2/gateways/gateway',
    );
    expect(firstWrongHop([], [{ at: 'c1/egress' }])).toContain('it passed no proxy');
  });

  it('tells hops in the wrong order', () => {
    expect(wrong({ at: 'c2/gateway' }, { at: 'c1/travels' })).toContain('hop 2 (c1/travels): the call did not pass it');
  });

  it.each([
    [{ cluster: 'other' }, 'cluster'],
    [{ code: 503 }, 'code'],
    [{ flags: 'UF' }, 'flags'],
  ])('tells a wrong value of %j', (expected, what) => {
    expect(wrong({ at: 'c1/travels', ...expected })).toContain(`expected ${what}`);
  });

  it('takes forwarded TLS for TLS on the way in, not for clear text', () => {
    const way = hops(['c1/egress/gateway', PASSTHROUGH]);
    expect(firstWrongHop(way, [{ at: 'c1/gateway', received: { sni: 'partner.example' } }])).toBeUndefined();
    expect(firstWrongHop(way, [{ at: 'c1/gateway', received: 'clear' }])).toContain('expected received "clear"');
  });
});

describe('describeHop', () => {
  it('says what was on both sides', () => {
    expect(describeHop(WAY[1])).toBe(
      'c2/gateways/gateway outbound | received TLSv1.3 spiffe://agency/travels sni partner.example | sent TLSv1.3 to outbound|8000||insurances at 10.44.2.11:8000 | 200 h/ | via_upstream',
    );
  });
});
