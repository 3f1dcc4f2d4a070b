/** Types of fields by name: `string`, `envoy.…`, `envoy.…[]` for a list, `string{string}` for a map. */
type Fields = ReadonlyMap<string, string>;

/** The file that `tools/oracle-admission` writes. */
interface Types {
  readonly messages: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
}

/** The message types of Envoy that istiod knows, as its decoder of JSON finds them. The file is read at first use. */
export class Messages {
  private readonly indexed = new Map<string, Fields>();

  /** Fields by both names that JSON may use: `typed_config` and `typedConfig`. Undefined for an unknown message. */
  public fields(message: string): Fields | undefined {
    const known = this.indexed.get(message);
    const fields = this.types().messages[message];
    if (known !== undefined || fields === undefined) return known;
    const names = Object.entries(fields).flatMap(([name, type]) => [
      [name, type] as const,
      [camel(name), type] as const,
    ]);
    const byName = new Map(names);
    this.indexed.set(message, byName);
    return byName;
  }

  /** Names of an enum's values; undefined for another type. */
  public values(type: string): readonly string[] | undefined {
    return this.types().enums[type];
  }

  private types(): Types {
    return require('./types.json');
  }
}

/** What protoc makes of a field's name. */
function camel(name: string): string {
  return name.replace(/_+([A-Za-z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
}
