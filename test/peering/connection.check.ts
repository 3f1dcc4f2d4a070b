import { Duration } from 'cdk8s';
import { Connection, type ConnectionUse, type FederationUse, LoadBalancing, type SharedRootUsed } from '../../lib';

// Compiled, never run: every line below `@ts-expect-error` must be refused by the types.

// GIVEN a connection that is well formed
export const used: ConnectionUse & SharedRootUsed & FederationUse = {
  connection: Connection.of({ connectTimeout: Duration.seconds(2), loadBalancing: LoadBalancing.byHeader('x-user') }),
};

// @ts-expect-error a duration without unit
Connection.of({ connectTimeout: 2 });
// @ts-expect-error a Go duration
Connection.of({ idleTimeout: '30s' });
// @ts-expect-error an option that does not exist
Connection.of({ timeout: Duration.seconds(2) });
// @ts-expect-error a limit without what it limits
Connection.of({ requests: 10 });
// @ts-expect-error load balancing by its name in Istio
Connection.of({ loadBalancing: 'ROUND_ROBIN' });
// @ts-expect-error look-alikes do not pass (nominal)
export const alike: ConnectionUse = { connection: { connectTimeout: Duration.seconds(2) } };
