import {
  ApiObject,
  type App,
  ImplicitTokenResolver,
  JsonPatch,
  Lazy,
  LazyResolver,
  NumberStringUnionResolver,
} from 'cdk8s';
import type { IConstruct } from 'constructs';
import { ClusterScopedApiObject } from '../../imports/manifest';
import type { Manifest } from '../facts/manifest';

/** A manifest and the construct it comes from. */
export interface RenderedObject {
  /** The ApiObject; the chart, where a chart renders itself. */
  readonly construct: IConstruct;
  readonly manifest: Manifest;
}

type Json = Record<string, unknown>;

/**
 * `{}` with hidden classes of its own. V8 remembers 1,536 keys with which objects go on that begin as `{}`, and programs
 * use them up: objects that they key by thousands of names, constructs with ids of their own.
 */
function PlainObject(): void {}
PlainObject.prototype = Object.prototype;
const Plain = PlainObject as unknown as new () => Json;

/**
 * Renders ApiObjects to plain JSON as `ApiObject.toJson()` does: resolves Lazy values and tokens, drops null and
 * undefined, sorts keys, applies JSON patches last.
 *
 * Most of the time of a synth goes into that method: for every single value it looks up the app, calls each resolver and
 * copies the value twice. This does the same in one pass. Objects that override `toJson`, and apps with resolvers of
 * their own, are rendered by cdk8s.
 */
export class Renderer {
  private readonly standard: boolean;
  private readonly sortKeys = !process.env.CDK8S_DISABLE_SORT;

  constructor(app: App) {
    const builtIn: unknown[] = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];
    this.standard =
      app.resolvers.length === builtIn.length &&
      app.resolvers.every((resolver, index) => resolver.constructor === builtIn[index]);
  }

  /**
   * One object as plain JSON.
   *
   * @throws the error of cdk8s, with the construct path, for a value that is no JSON.
   */
  public render(object: ApiObject): Manifest {
    const { toJson } = object;
    const isClusterScoped = toJson === ClusterScopedApiObject.prototype.toJson;
    if (this.standard && (isClusterScoped || toJson === ApiObject.prototype.toJson)) {
      try {
        const manifest = this.renderFast(object);
        if (isClusterScoped) delete (manifest.metadata as Json).namespace;
        return manifest;
      } catch {
        // cdk8s knows what to do with the value, or says what is wrong with it.
      }
    }
    return object.toJson();
  }

  private renderFast(object: ApiObject): Manifest {
    const { props, patches, metadata } = object as unknown as CdkObject;
    const manifest = new Plain();
    put(manifest, 'apiVersion', this.plain(props.apiVersion, false));
    put(manifest, 'kind', this.plain(props.kind, false));
    put(manifest, 'metadata', this.metadata(metadata));
    for (const key of this.sortKeys ? sortedKeys(props) : Object.keys(props)) {
      if (key !== 'apiVersion' && key !== 'kind' && key !== 'metadata') {
        put(manifest, key, this.plain(props[key], false));
      }
    }
    return (patches.length > 0 ? inOrder(JsonPatch.apply(manifest, ...patches)) : manifest) as Manifest;
  }

  private metadata(metadata: CdkObject['metadata']): unknown {
    const {
      _additionalAttributes: attributes,
      annotations,
      finalizers,
      labels,
      name,
      namespace,
      ownerReferences,
    } = metadata;
    // These fields win over the attributes that the metadata was created with.
    const fields: Json = { annotations, finalizers, labels, name, namespace, ownerReferences };
    for (const key of Object.keys(attributes)) {
      if (!Object.hasOwn(fields, key)) {
        return this.plain({ ...attributes, ...fields }, true);
      }
    }
    return this.plain(fields, true);
  }

  /** @param isMetadata cdk8s drops empty objects and arrays there, and always sorts the keys. */
  private plain(value: unknown, isMetadata: boolean): unknown {
    if (typeof value !== 'object' || value === null) {
      return value ?? undefined;
    }
    if (Array.isArray(value)) {
      return isMetadata && value.length === 0 ? undefined : value.map((item) => this.plain(item, isMetadata));
    }
    if (value.constructor !== Object || typeof (value as Json).resolve === 'function') {
      return this.plain(resolveToken(value), isMetadata);
    }
    const keys = isMetadata || this.sortKeys ? sortedKeys(value) : Object.keys(value);
    const result = new Plain();
    let empty = true;
    for (const key of keys) {
      const plain = this.plain((value as Json)[key], isMetadata);
      if (plain !== undefined) {
        result[key] = plain;
        empty = false;
      }
    }
    return isMetadata && empty ? undefined : result;
  }
}

/** Keys of an object, sorted; most objects have a handful, for which `Array.sort` sets up more than it sorts. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > 16) {
    return keys.sort();
  }
  for (let end = 1; end < keys.length; end++) {
    const key = keys[end];
    let index = end;
    for (; index > 0 && keys[index - 1] > key; index--) {
      keys[index] = keys[index - 1];
    }
    keys[index] = key;
  }
  return keys;
}

/**
 * What the three built-in resolvers of cdk8s make of a token.
 *
 * @throws when the value is none.
 */
function resolveToken(value: object): unknown {
  if (value instanceof Lazy) {
    return value.produce();
  }
  const { resolve, value: member } = value as Json;
  if (typeof resolve === 'function') {
    return resolve.call(value);
  }
  if (typeof member === 'string' || typeof member === 'number') {
    return { value: member };
  }
  throw new Error('no plain object');
}

function put(target: Json, key: string, value: unknown): void {
  if (value !== undefined) {
    target[key] = value;
  }
}

/** A patch may add the leading keys last. */
function inOrder({ apiVersion, kind, metadata, ...rest }: Json): Json {
  const result = new Plain();
  put(result, 'apiVersion', apiVersion);
  put(result, 'kind', kind);
  put(result, 'metadata', metadata);
  return Object.assign(result, rest);
}

/**
 * Private fields that `ApiObject.toJson` and `ApiObjectMetadataDefinition.toJson` render. In a cdk8s without them,
 * reading them throws, and cdk8s renders the object itself.
 */
interface CdkObject {
  readonly props: Json;
  readonly patches: JsonPatch[];
  readonly metadata: Json & { readonly _additionalAttributes: object };
}
