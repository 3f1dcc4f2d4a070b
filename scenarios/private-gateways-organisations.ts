import { join } from 'node:path';
import {
  Access,
  Callers,
  Contract,
  type Fleet,
  Mesh,
  MeshContract,
  PeeringTls,
  Port,
  PrivateGatewayPeering,
} from '../lib';
import { consumer, provider } from './private-gateways';
import { bind } from './private-gateways-http';

/** What the other organisation's repository wrote, copied from its `dist/contracts/`. */
const CONTRACTS = join(__dirname, 'contracts');

/**
 * The repository of c1. It begins with a mesh contract: `mesh.introduce('c1-c2', { client })`; once the provider's
 * contract is here, the peering says so itself.
 */
export function c1(fleet: Fleet): void {
  const { mesh, egress, client } = consumer(fleet, 'c1');
  const peering = PrivateGatewayPeering.fromContract(fleet, {
    consumer: mesh,
    contract: Contract.file(join(CONTRACTS, 'c1-c2.json')),
    egress,
    client,
    callers: Callers.serviceAccounts('default/sleep'),
  });
  bind(mesh, 'ratings', 9080, peering.exposure('bookinfo/myratings:9080/v1'));
  bind(mesh, 'httpbin', 9000, peering.exposure('bookinfo/httpbin:8000'));
}

/** The repository of c2, which knows c1 by its mesh contract. */
export function c2(fleet: Fleet): void {
  const { mesh, ingress, server } = provider(fleet, 'c2');
  const reader = Mesh.external(fleet, 'c1', { contract: MeshContract.file(join(CONTRACTS, 'c1.mesh.json')) });
  const peering = new PrivateGatewayPeering(fleet, 'c1-c2', {
    consumer: reader,
    provider: mesh,
    ingress,
    host: 'c2.example.com',
    tls: PeeringTls.mutual({ client: reader.client('c1-c2'), server }),
  });
  const ratings = mesh.service('myratings', {
    namespace: 'bookinfo',
    ports: [Port.http(9080)],
    subsets: { v1: { version: 'v1' } },
  });
  const httpbin = mesh.service('httpbin', { namespace: 'bookinfo', ports: [Port.http(8000)] });
  const allow = [Access.http({ methods: ['GET'] })];
  peering.expose(ratings, { subset: 'v1', allow, alsoFrom: ['cluster.local/ns/bookinfo/sa/reviews'] });
  peering.expose(httpbin, { allow });
}
