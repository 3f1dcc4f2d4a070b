// Listens on ports in the network namespace it is started in, hands the sockets to its parent, and ends.
// A listening socket stays in the namespace it was made in: so one process can serve many pods.
// usage: node listen.js PORT...
const net = require('node:net');

const ports = process.argv.slice(2);
let left = ports.length;

for (const port of ports) {
  const server = net.createServer();
  server.on('error', (error) => {
    process.send({ port: Number(port), error: error.message }, () => process.exit(1));
  });
  server.listen({ host: '0.0.0.0', port: Number(port) }, () => {
    process.send({ port: Number(port) }, server, () => {
      left -= 1;
      if (left === 0) process.exit(0);
    });
  });
}
