import { byText } from './by-text';
import { MeshError } from './error';
import type { EndFacts } from './exposure';
import type { FederationEnd } from './federation';
import type { GatewayFacts, RootFacts } from './fleet';
import { mark } from './marks';
import { Shape } from './misfit';
import { parseSealed, readSealedFile, type SealedKind, writeSealed } from './sealed-json';

/**
 * What a mesh says of itself to other repositories. It depends on nothing of the other side, so two repositories can
 * start at once. Its JSON schema: `schema/mesh-contract.schema.json`.
 */
export interface MeshContractDocument {
  /** Version of this format. */
  readonly version: 1;
  /** Name of the mesh. */
  readonly mesh: string;
  /** DNS domain of its cluster. */
  readonly domain: string;
  /** SPIFFE trust domain of its workload identities. */
  readonly trustDomain: string;
  /** Root of its workload certificates. */
  readonly root?: RootFacts;
  /** Network of its pods, where it has a name. */
  readonly network?: string;
  /** Its gateways; which pods they are is nobody else's business. */
  readonly gateways: Omit<GatewayFacts, 'selector'>[];
  /** Peerings in which it is the consumer, with its end of their hop. */
  readonly peerings: { readonly name: string; readonly client: EndFacts }[];
  /** Its ends of federations, by the name of the peer. */
  readonly federations?: { readonly peer: string; readonly end: FederationEnd }[];
}

const KIND: SealedKind = {
  name: 'mesh contract',
  writers: "the other side's",
  version: 1,
  field: 'mesh',
  other: { field: 'peering', is: 'the contract of a peering, which Contract.file reads' },
  shape: new Shape(() => require('../../schema/mesh-contract.schema.json')),
};

/** A mesh contract that was read: sealed, so that an edit by hand shows. */
export class MeshContract {
  static {
    mark(MeshContract.prototype, 'MeshContract');
  }

  /**
   * Reads the mesh contract that another repository's synth wrote to `dist/contracts/<mesh>.mesh.json`.
   *
   * @throws MESH1501 when the file cannot be read; MESH1502 when it is no mesh contract of this version; MESH1503, naming
   * the field, when it was edited; MESH1507, naming the field, when its shape is unknown.
   */
  public static file(path: string): MeshContract {
    return MeshContract.parse(readSealedFile(path, KIND), path);
  }

  /**
   * Reads a mesh contract's text; `where` names it in messages.
   *
   * @throws as `file`.
   */
  public static parse(text: string, where: string): MeshContract {
    return new MeshContract(parseSealed(text, KIND, where) as MeshContractDocument, where);
  }

  private constructor(
    /** What it says. */
    public readonly document: MeshContractDocument,
    /** File that it was read from. */
    public readonly where: string,
  ) {}

  /**
   * The mesh's end of a peering in which it is the consumer.
   *
   * @throws MESH1504 when the contract names no such peering.
   */
  public client(peering: string): EndFacts {
    const { peerings } = this.document;
    const found = peerings.find(({ name }) => name === peering);
    if (found === undefined) {
      const has = peerings.map(({ name }) => name).join(', ');
      throw new MeshError(
        'MESH1504',
        this.where,
        `field 'peerings' has no '${peering}'; it has ${has || 'none'}: its mesh says so with mesh.introduce('${peering}', …)`,
      );
    }
    return found.client;
  }

  /**
   * The mesh's end of its federation with a peer.
   *
   * @throws MESH1504 when the contract names no such peer.
   */
  public federation(peer: string): FederationEnd {
    const { federations = [] } = this.document;
    const found = federations.find((one) => one.peer === peer);
    if (found === undefined) {
      const has = federations.map((one) => one.peer).join(', ');
      throw new MeshError(
        'MESH1504',
        this.where,
        `field 'federations' has no peer '${peer}'; it has ${has || 'none'}: its mesh says so with new FederationGateways(…, '${peer}')`,
      );
    }
    return found.end;
  }
}

/** A mesh contract as text, sealed. */
export function writeMeshContract(document: MeshContractDocument): string {
  const { gateways, peerings } = document;
  return writeSealed({
    ...document,
    gateways: [...gateways].sort(byText(({ name }) => name)),
    peerings: [...peerings].sort(byText(({ name }) => name)),
  });
}
