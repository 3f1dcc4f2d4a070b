import { hostPorts } from '../objects/host-ports';
import { at, type ClusterRule } from '../rule';

/** Ports by number, where the client asks for TLS in clear text first, or the server speaks first. */
const BEGINS_IN_CLEAR: ReadonlyMap<number, string> = new Map([
  [21, 'FTP'],
  [25, 'SMTP'],
  [110, 'POP3'],
  [143, 'IMAP'],
  [389, 'LDAP'],
  [587, 'SMTP'],
  [1433, 'SQL Server'],
  [3306, 'MySQL'],
  [5222, 'XMPP'],
  [5432, 'PostgreSQL'],
]);

/** A port that is stated as TLS and belongs to a protocol that begins in clear text. */
export const tlsAfterClearText: ClusterRule = {
  code: 'MESH3058',
  severity: 'warning',
  scope: 'cluster',
  title: 'port that is stated as TLS and begins in clear text',
  why: 'proxies tell TLS by the server name of its first bytes; where client or server speak in clear first (STARTTLS), there is none: no filter chain, the connection is reset or hangs',
  fix: 'state the protocol of the port as TCP: the TLS of the application flows through it unseen',
  inProgram: 'Port.tcp(…)',
  reads: ['ServiceEntry'],
  check: (input) =>
    hostPorts(input)
      .filter(({ protocol }) => protocol === 'TLS' || protocol === 'HTTPS')
      .flatMap(({ entry, host, port, fields, reached, protocol }) => {
        const number = [port, ...reached].find((one) => BEGINS_IN_CLEAR.has(one));
        if (number === undefined) return [];
        return [
          {
            objects: [at(entry.ref, `${fields.port}.protocol`)],
            message: `${entry.ref} states port ${port} of '${host}' as ${protocol}; port ${number} is that of ${BEGINS_IN_CLEAR.get(number)}, which begins in clear text and asks for TLS later (STARTTLS)`,
            fix: 'state the protocol of the port as TCP: the TLS of the application flows through it unseen; accept this where client and server begin with TLS',
            inProgram: `Port.tcp(${number})`,
          },
        ];
      }),
};
