// Sends one line and prints what comes back, as JSON.
// usage: node tcp-call.js HOST PORT [SNI [CERTIFICATE KEY]]
const fs = require('node:fs');
const net = require('node:net');
const tls = require('node:tls');

const [host, port, servername, certificate, key] = process.argv.slice(2);
const target = { host, port: Number(port) };

const socket = servername
  ? tls.connect({
      ...target,
      servername,
      rejectUnauthorized: false,
      cert: certificate && fs.readFileSync(certificate),
      key: key && fs.readFileSync(key),
    })
  : net.connect(target);

let body = '';
function finish(error) {
  console.log(JSON.stringify({ body, error: body.endsWith('\n') ? null : (error ?? 'closed without an answer') }));
  process.exit(0);
}

socket.setEncoding('latin1');
socket.on('data', (data) => {
  body += data;
  if (body.endsWith('\n')) finish();
});
socket.on('error', (error) => finish(`${error.code ?? 'error'}: ${error.message}`));
socket.on('end', () => finish());
socket.setTimeout(4000, () => finish('no answer within 4 s'));
socket.write('ping\n');
