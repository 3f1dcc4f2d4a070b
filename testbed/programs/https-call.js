// Makes one HTTP/1.1 request over TLS with an ALPN of choice and prints what comes back, as JSON: { code, body } or
// { error, body }.
// usage: node https-call.js '{ host, port, seconds, method, path, headers, tls: { servername, alpn, ca, cert, key } }'
const fs = require('node:fs');
const https = require('node:https');

const { host, port, seconds, method, path, headers, tls } = JSON.parse(process.argv[2]);
const read = (file) => file && fs.readFileSync(file);

let body = '';
function finish(outcome) {
  console.log(JSON.stringify({ ...outcome, body }));
  process.exit(0);
}
const failed = (error) => finish({ error: `${error.code ?? 'error'}: ${error.message}`.split('\n')[0] });

const request = https.request({
  ...{ host, port, method, path, headers, agent: false },
  servername: tls.servername ?? '',
  ALPNProtocols: [tls.alpn],
  ca: read(tls.ca),
  cert: read(tls.cert),
  key: read(tls.key),
  rejectUnauthorized: tls.ca !== undefined,
});
request.on('error', failed);
request.on('response', (response) => {
  response.setEncoding('utf8');
  response.on('data', (data) => {
    body += data;
  });
  response.on('error', failed);
  response.on('end', () => finish({ code: response.statusCode }));
});
setTimeout(() => failed(new Error(`no answer within ${seconds} s`)), seconds * 1000);
request.end();
