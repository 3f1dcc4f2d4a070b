// Sends bytes over TCP or TLS and prints what comes back, as JSON: { body, error, certificate }, texts, error null when there
// was an answer, which ends with `until`, certificate the SHA-256 fingerprint of the server's.
// usage: node socket-call.js '{ host, port, send, until, seconds, tls: { servername, ca, cert, key } }'
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');

const { host, port, send, until, seconds, tls: secure } = JSON.parse(process.argv[2]);
const read = (file) => file && fs.readFileSync(file);

const socket = secure
  ? tls.connect({
      host,
      port,
      servername: secure.servername,
      ca: read(secure.ca),
      cert: read(secure.cert),
      key: read(secure.key),
      rejectUnauthorized: secure.ca !== undefined,
    })
  : net.connect({ host, port });

let body = '';
const complete = () => body.endsWith(until);
function finish(error) {
  const { fingerprint256 } = (secure && socket.getPeerCertificate()) || {};
  console.log(
    JSON.stringify({
      body,
      certificate: fingerprint256,
      error: complete() ? null : (error ?? 'closed without an answer'),
    }),
  );
  process.exit(0);
}

socket.setEncoding('latin1');
socket.on('data', (data) => {
  body += data;
  if (complete()) finish();
});
socket.on('error', (error) => finish(`${error.code ?? 'error'}: ${error.message}`));
socket.on('end', () => finish());
setTimeout(() => finish(`no answer within ${seconds} s`), seconds * 1000);
socket.write(Buffer.from(send, 'latin1'));
