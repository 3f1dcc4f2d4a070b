import type { MeshConfig } from '../world/mesh-config-types';

/** Names of those among its extension providers that decide on calls. */
export function authorizers({ extensionProviders = [] }: MeshConfig): string[] {
  return extensionProviders.flatMap(({ name, envoyExtAuthzHttp, envoyExtAuthzGrpc }) =>
    name !== undefined && (envoyExtAuthzHttp ?? envoyExtAuthzGrpc) !== undefined ? [name] : [],
  );
}
