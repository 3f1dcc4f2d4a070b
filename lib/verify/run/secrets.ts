import type { ClientTls, ServerTls } from '../view/types';
import { type CertificateFact, type SecretFact, UNKNOWN_AUTHORITY } from '../world/facts';
import type { RoleBindingManifest, RoleManifest } from '../world/kube-types';
import type { Mesh } from '../world/mesh';
import type { Resource } from '../world/resource';
import type { SecretMount, Workload } from '../world/workloads';
import type { World } from '../world/world';
import type { Certificate } from './bytes';
import type { CertificateOrigin } from './origin';

/** A key pair, or authorities, or why there are none. */
export type Found<T> = { readonly value: T } | { readonly missing: string };

/** What proxies and applications of a mesh find in Secrets. */
export class Secrets {
  constructor(
    private readonly world: World,
    private readonly mesh: Mesh,
    /** Told when a Secret is believed to be there and right because no fact says otherwise. */
    private readonly assume: (what: string) => void,
    private readonly originOf: (workload: Workload) => CertificateOrigin | undefined = () => undefined,
    /** What a running proxy had before the change: it keeps the last good Secret. */
    private readonly lastGood: (workload: Workload) => { secrets: Secrets; workload: Workload } | undefined = () =>
      undefined,
  ) {}

  /** The certificate that istiod signs for a workload. */
  public workloadCertificate(workload: Workload): Certificate {
    const { namespace, serviceAccount, name } = workload;
    const { trustDomain, root } = this.mesh;
    const origin = this.originOf(workload);
    const san = [`URI:spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`];
    return { name, ca: root, san, ...(origin ? { origin } : {}) };
  }

  /** Authorities that sign what a workload believes: the mesh's own, and those that MeshConfig adds where proxies ask for them. */
  public workloadRoots({ proxyMetadata }: Workload): string[] {
    const { root, config, fact } = this.mesh;
    const asks = proxyMetadata.PROXY_CONFIG_XDS_AGENT === 'true' && fact.env?.ISTIO_MULTIROOT_MESH === 'true';
    const added = (config.caCertificates ?? []).flatMap(({ pem }) => (pem?.startsWith('ca:') ? [pem.slice(3)] : []));
    return asks ? [root, ...added] : [root];
  }

  /** The key pair of a server. */
  public serverPair(workload: Workload, tls: ServerTls): Found<CertificateFact> {
    if (tls.mode === 'ISTIO_MUTUAL') return { value: this.workloadCertificate(workload) };
    return tls.credential
      ? this.kept(workload, (secrets, its) => secrets.pair(its, tls.credential ?? ''))
      : this.kept(workload, (secrets, its) => secrets.certificateFile(its, tls.files?.certificate));
  }

  /** Authorities of a server's clients. */
  public serverRoots(workload: Workload, tls: ServerTls): Found<readonly string[]> {
    if (tls.mode === 'ISTIO_MUTUAL') return { value: this.workloadRoots(workload) };
    const { credential, files } = tls;
    return this.kept(workload, (secrets, its) =>
      credential ? secrets.authorities(its, credential) : secrets.rootsFile(its, files?.ca),
    );
  }

  /** The key pair of a client; undefined where it presents none. */
  public clientPair(workload: Workload, tls: ClientTls): Found<Certificate> | undefined {
    if (tls.mode === 'ISTIO_MUTUAL') return { value: this.workloadCertificate(workload) };
    if (tls.mode === 'SIMPLE') return undefined;
    return tls.credential
      ? this.kept(workload, (secrets, its) => secrets.pair(its, tls.credential ?? ''))
      : this.kept(workload, (secrets, its) => secrets.certificateFile(its, tls.files?.certificate));
  }

  /** Authorities of a client's servers. */
  public clientRoots(workload: Workload, tls: ClientTls): Found<readonly string[]> {
    if (tls.mode === 'ISTIO_MUTUAL') return { value: this.workloadRoots(workload) };
    const { credential, files } = tls;
    if (!credential && files?.ca === 'system') return { value: ['system'] };
    return this.kept(workload, (secrets, its) =>
      credential ? secrets.authorities(its, credential) : secrets.rootsFile(its, files?.ca),
    );
  }

  private kept<T>(workload: Workload, get: (secrets: Secrets, its: Workload) => Found<T>): Found<T> {
    const now = get(this, workload);
    const before = 'missing' in now ? this.lastGood(workload) : undefined;
    return before ? get(before.secrets, before.workload) : now;
  }

  /** A file of a Secret that is mounted into a container. */
  public file(
    namespace: string,
    mounts: readonly SecretMount[],
    path: string,
  ): { secret: SecretFact; key: string } | undefined {
    const slash = path.lastIndexOf('/');
    const name = mounts.find((mount) => mount.path === path.slice(0, slash))?.secret;
    const secret = name && this.world.secret(this.mesh.cluster, namespace, name);
    const key = path.slice(slash + 1);
    return secret && secret.data[key] !== undefined ? { secret, key } : undefined;
  }

  public certificateIn({ data }: SecretFact, key: string): CertificateFact | undefined {
    return data[key]?.startsWith('cert:') ? this.world.certificates.get(data[key].slice(5)) : undefined;
  }

  public rootsIn({ data }: SecretFact, key: string): string[] | undefined {
    const value = data[key];
    if (value === undefined) return undefined;
    return value.startsWith('ca:') ? value.slice(3).split(' ') : [value];
  }

  /** `credentialName`: `kubernetes://namespace/name` may only be of the proxy's namespace (`xds/sds.go: filterAuthorizedResources`). */
  private reference(workload: Workload, credential: string): { name: string } | { missing: string } {
    const [, namespace, name] = /^(?:kubernetes:\/\/)?(?:([^/]+)\/)?(.+)$/.exec(credential) ?? [];
    if (namespace !== undefined && namespace !== workload.namespace) {
      return { missing: `Secret ${namespace}/${name} is not of the proxy's namespace ${workload.namespace}` };
    }
    return { name };
  }

  private pair(workload: Workload, credential: string): Found<CertificateFact> {
    const reference = this.reference(workload, credential);
    if ('missing' in reference) return reference;
    const { namespace } = workload;
    const secret = this.world.secret(this.mesh.cluster, namespace, reference.name);
    if (!secret) return this.unknown(namespace, reference.name, { name: reference.name, ca: UNKNOWN_AUTHORITY });
    if (!this.mayListSecrets(workload)) {
      return { missing: `service account ${namespace}/${workload.serviceAccount} may not list secrets` };
    }
    for (const [certificate, key] of KEY_PAIRS) {
      if (!secret.data[certificate] || !secret.data[key]) continue;
      const found = this.certificateIn(secret, certificate);
      if (found && secret.data[key] === `key:${found.name}`) return { value: found };
      return { missing: `${certificate} and ${key} of Secret ${namespace}/${reference.name} are no key pair` };
    }
    return { missing: `Secret ${namespace}/${reference.name} has no key pair` };
  }

  /** A twin `-cacert` comes before the Secret itself (`credentials/kube/secrets.go: ExtractRoot`). */
  private authorities(workload: Workload, credential: string): Found<readonly string[]> {
    const reference = this.reference(workload, credential);
    if ('missing' in reference) return reference;
    const { namespace } = workload;
    const { cluster } = this.mesh;
    const twin = this.world.secret(cluster, namespace, `${reference.name}-cacert`);
    const secret = twin ?? this.world.secret(cluster, namespace, reference.name);
    if (!secret) return this.unknown(namespace, reference.name, [UNKNOWN_AUTHORITY]);
    const roots = this.rootsIn(secret, 'cacert') ?? this.rootsIn(secret, 'ca.crt');
    return roots ? { value: roots } : { missing: `Secret ${namespace}/${secret.name} has no ca.crt` };
  }

  private certificateFile(workload: Workload, path: string | undefined): Found<CertificateFact> {
    const found = path ? this.file(workload.namespace, workload.proxyMounts, path) : undefined;
    const certificate = found && this.certificateIn(found.secret, found.key);
    return certificate ? { value: certificate } : { missing: `the proxy has no file ${path ?? ''}` };
  }

  private rootsFile(workload: Workload, path: string | undefined): Found<readonly string[]> {
    const found = path ? this.file(workload.namespace, workload.proxyMounts, path) : undefined;
    const roots = found && this.rootsIn(found.secret, found.key);
    return roots ? { value: roots } : { missing: `the proxy has no file ${path ?? ''}` };
  }

  private unknown<T>(namespace: string, name: string, value: T): Found<T> {
    if (this.world.facts.secretsAreComplete) return { missing: `there is no Secret ${namespace}/${name}` };
    this.assume(`Secret ${namespace}/${name} @${this.mesh.cluster} exists and is right`);
    return { value };
  }

  /** istiod asks the API server whether the proxy's account may list secrets (`credentials/kube/secrets.go: Authorize`). */
  private mayListSecrets({ namespace, serviceAccount }: Workload): boolean {
    const isSubject = ({ manifest, namespace: of }: Resource): boolean =>
      ((manifest as object as RoleBindingManifest).subjects ?? []).some(({ kind, name, namespace: its = of }) => {
        if (kind === 'ServiceAccount') return name === serviceAccount && its === namespace;
        if (kind === 'User') return name === `system:serviceaccount:${namespace}:${serviceAccount}`;
        return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'].includes(name);
      });
    const grants = (binding: Resource): boolean => {
      const { kind, name } = (binding.manifest as object as RoleBindingManifest).roleRef;
      const role = this.mesh.find(kind, kind === 'ClusterRole' ? '' : namespace, name);
      return role !== undefined && listsSecrets(role.manifest as RoleManifest);
    };
    const here = this.mesh.kind('RoleBinding').filter((one) => one.namespace === namespace);
    return [...here, ...this.mesh.kind('ClusterRoleBinding')].some((one) => isSubject(one) && grants(one));
  }
}

/** In the order in which istiod looks for them (`ExtractCertInfo`). */
const KEY_PAIRS = [
  ['cert', 'key'],
  ['tls.crt', 'tls.key'],
] as const;

function listsSecrets({ rules = [] }: RoleManifest): boolean {
  const has = (list: readonly string[] | undefined, value: string) =>
    list?.some((one) => one === value || one === '*') ?? false;
  return rules.some(
    ({ apiGroups, resources, verbs, resourceNames }) =>
      has(apiGroups, '') && has(resources, 'secrets') && has(verbs, 'list') && !resourceNames?.length,
  );
}
