import { answeredBy, type CallResult, mismatch } from '../../../testbed/bed/expectation';

const result = (given: Partial<CallResult>): CallResult => ({ body: '', duration: 1, hops: [], ...given });

describe('mismatch', () => {
  it('accepts what was expected', () => {
    expect(
      mismatch({ code: 200, body: '"version": "v1"' }, result({ code: 200, body: '{"version": "v1"}' })),
    ).toBeUndefined();
    expect(mismatch({ error: 'curl 35' }, result({ error: 'curl 35: reset' }))).toBeUndefined();
  });

  it('tells another code, or an error in its place', () => {
    expect(mismatch({ code: 200 }, result({ code: 503 }))).toBe('expected 200, found 503');
    expect(mismatch({ code: 200 }, result({ error: 'curl 7: refused' }))).toBe('expected 200, found curl 7: refused');
  });

  it('does not take an answer for an error, not even for any', () => {
    expect(mismatch({ error: '' }, result({ code: 'ok' }))).toBe("expected the error 'any', found ok");
    expect(mismatch({ error: 'curl' }, result({ code: 200 }))).toBe("expected the error 'curl', found 200");
  });

  it('takes the places where curl notices a refusal for one', () => {
    expect(mismatch({ error: 'curl 56' }, result({ error: 'curl 16: x' }))).toBeUndefined();
    expect(mismatch({ error: 'curl 56' }, result({ error: 'curl 55: x' }))).toBeUndefined();
    expect(mismatch({ error: 'curl 56' }, result({ error: 'curl 52: x' }))).toBeUndefined();
    expect(mismatch({ error: 'curl 56' }, result({ error: 'curl 35: x' }))).toContain('found curl 35');
    expect(mismatch({ error: 'curl 5' }, result({ error: 'curl 35: x' }))).toContain('found curl 35');
  });

  it('tells a body that does not match', () => {
    expect(mismatch({ body: 'v1' }, result({ code: 200, body: 'v2' }))).toBe('expected a body with /v1/, found "v2"');
  });

  it('wants all answers of a spread and no other', () => {
    const spread = { 'a-v1': 3, 'a-v2': 5 };
    expect(mismatch({ spread: ['a-v2', 'a-v1'] }, result({ spread }))).toBeUndefined();
    expect(mismatch({ spread: ['a-v1'] }, result({ spread }))).toContain('expected answers of a-v1, found');
    expect(mismatch({ spread: ['a-v1', 'a-v2', '503'] }, result({ spread }))).toContain('expected answers');
  });

  it('looks for flags and hops in the logs', () => {
    const hop = {
      at: 'c1/app/web',
      start: 1,
      direction: 'outbound',
      flags: 'UF,URX',
      details: '',
      received: {},
      sent: {},
    } as const;
    expect(mismatch({ flags: 'UF' }, result({ hops: [hop] }))).toBeUndefined();
    expect(mismatch({ flags: 'UH' }, result({ hops: [hop] }))).toBe('expected a proxy to log UH, found UF,URX');
    expect(mismatch({ hops: [{ at: 'c1/other' }] }, result({ hops: [hop] }))).toContain('hop 1 (c1/other)');
  });
});

describe('answeredBy', () => {
  it.each([
    [result({ code: 200, body: '{"app": "a", "version": "v1"}' }), 'a-v1'],
    [result({ code: 200, body: '{"app": "a", "version": ""}' }), 'a'],
    [result({ code: 503, body: '{"app": "a"}' }), '503'],
    [result({ error: 'curl 7: refused' }), 'curl 7: refused'],
    [result({ code: 200, body: 'no JSON' }), 'unknown'],
  ])('%j is %s', (outcome, expected) => {
    expect(answeredBy(outcome)).toBe(expected);
  });
});
