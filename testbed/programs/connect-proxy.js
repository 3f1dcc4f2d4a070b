// A proxy as companies have one: clients say CONNECT host:port, and what follows is passed on byte for byte.
// usage: node connect-proxy.js PORT...; ALLOW names the targets, as host:port separated by spaces; others get 403.
const http = require('node:http');
const net = require('node:net');

const allowed = (process.env.ALLOW ?? '').split(' ');

function connect(request, client, head) {
  client.on('error', () => {});
  const target = request.url ?? '';
  console.log(`CONNECT ${target}`);
  if (!allowed.includes(target)) {
    client.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
    return;
  }
  const [host, port] = target.split(':');
  const server = net.connect(Number(port), host, () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    server.write(head);
    server.pipe(client).pipe(server);
  });
  server.on('error', () => client.destroy());
  client.on('close', () => server.destroy());
}

for (const port of process.argv.slice(2)) {
  const server = http.createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', connect);
  server.listen({ host: '0.0.0.0', port: Number(port) });
}
