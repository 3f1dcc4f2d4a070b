import { answerQuery } from '../../../testbed/network/dns';

const query = (name: string, type: number): Buffer => {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  const header = Buffer.from([0xab, 0xcd, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, type, 0, 1])]);
};

const A = 1;
const AAAA = 28;

const resolve = (name: string) => (name === 'web.example' ? ['10.44.1.10', '10.44.1.11'] : undefined);

describe('answerQuery', () => {
  it('gives every address of a name, with the id and question of the query', () => {
    // WHEN
    const asked = query('web.example', A);
    const answer = answerQuery(asked, resolve) as Buffer;

    // THEN
    expect(answer.subarray(0, 2)).toEqual(asked.subarray(0, 2));
    expect(answer[2] & 0x80).toBe(0x80);
    expect(answer[3] & 0x0f).toBe(0);
    expect(answer.readUInt16BE(4)).toBe(1);
    expect(answer.readUInt16BE(6)).toBe(2);
    expect(answer.subarray(12, asked.length)).toEqual(asked.subarray(12));
    const records = answer.subarray(asked.length);
    expect([...records.subarray(0, 4)]).toEqual([0xc0, 0x0c, 0, A]);
    expect([...records.subarray(12, 16)]).toEqual([10, 44, 1, 10]);
    expect([...records.subarray(28, 32)]).toEqual([10, 44, 1, 11]);
  });

  it('finds a name in any case', () => {
    expect((answerQuery(query('Web.EXAMPLE', A), resolve) as Buffer).readUInt16BE(6)).toBe(2);
  });

  it('says that a name exists without addresses of another type', () => {
    // WHEN
    const answer = answerQuery(query('web.example', AAAA), resolve) as Buffer;

    // THEN
    expect(answer[3] & 0x0f).toBe(0);
    expect(answer.readUInt16BE(6)).toBe(0);
  });

  it('says that a name does not exist', () => {
    const answer = answerQuery(query('nowhere.example', A), resolve) as Buffer;
    expect(answer[3] & 0x0f).toBe(3);
    expect(answer.readUInt16BE(6)).toBe(0);
  });

  it.each([
    ['an empty packet', Buffer.alloc(0)],
    ['a cut off question', query('web.example', A).subarray(0, 20)],
    ['an answer', Buffer.concat([Buffer.from([0, 0, 0x80]), query('web.example', A).subarray(3)])],
    [
      'a label that is a pointer',
      Buffer.concat([query('web.example', A).subarray(0, 12), Buffer.from([0xc0, 0x0c, 0, 1, 0, 1])]),
    ],
  ])('does not answer %s', (_, packet) => {
    expect(answerQuery(packet, resolve)).toBeUndefined();
  });
});
