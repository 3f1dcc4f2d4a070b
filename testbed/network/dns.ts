import dgram from 'node:dgram';

/** Gives the IPv4 addresses of a name: empty when the name exists without any, undefined when it does not exist. */
export type Resolve = (name: string) => readonly string[] | undefined;

const TYPE_A = 1;
const CLASS_IN = 1;
const TTL = 5;
const NXDOMAIN = 3;
const HEADER = 12;

/** Answers one DNS query; undefined for what is not a query. */
export function answerQuery(query: Buffer, resolve: Resolve): Buffer | undefined {
  if (query.length < HEADER + 5 || query[2] & 0x80) return undefined;
  const question = readQuestion(query);
  if (!question) return undefined;
  const addresses = resolve(question.name);
  const records = question.type === TYPE_A ? (addresses ?? []).map(addressRecord) : [];
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  // Response, authoritative, recursion desired as asked, recursion available.
  header[2] = 0x84 | (query[2] & 0x01);
  header[3] = 0x80 | (addresses ? 0 : NXDOMAIN);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(HEADER, question.end), ...records]);
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } | undefined {
  const labels: string[] = [];
  let at = HEADER;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length).toLowerCase());
    at += length;
  }
  if (at + 4 > query.length) return undefined;
  return { name: labels.join('.'), type: query.readUInt16BE(at), end: at + 4 };
}

/** An A record whose name points back at the question. */
function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | HEADER, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL, 6);
  record.writeUInt16BE(4, 10);
  Buffer.from(address.split('.').map(Number)).copy(record, HEADER);
  return record;
}

/** A DNS server on port 53 of an address. */
export async function serveDns(address: string, resolve: Resolve): Promise<dgram.Socket> {
  const socket = dgram.createSocket('udp4');
  socket.on('message', (query, { address: client, port }) => {
    const answer = answerQuery(query, resolve);
    if (answer) socket.send(answer, port, client);
  });
  await new Promise<void>((done, reject) => {
    socket.on('error', reject);
    socket.bind({ address, port: 53 }, done);
  });
  return socket;
}
