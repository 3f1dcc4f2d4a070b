import { isRecord } from '../../../../facts/record';
import type { Path } from '../../path';
import type { Messages } from './messages';
import { durationReason, enumReason, expected, scalarReason, timestampReason, WRAPPERS } from './scalars';

/** Something that a message cannot be. */
export interface Flaw {
  readonly at: Path;
  readonly reason: string;
  /** A field that istiod does not know: it ignores the field, for Envoy might know it. */
  readonly unknownField: boolean;
}

/** Messages with a form of their own in JSON, besides the wrappers of scalars. */
const OWN_FORM: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  'google.protobuf.Duration': durationReason,
  'google.protobuf.Timestamp': timestampReason,
  'google.protobuf.Value': () => undefined,
  'google.protobuf.ListValue': (value) => (Array.isArray(value) ? undefined : expected(value, 'a list')),
  'google.protobuf.Struct': (value) => (isRecord(value) ? undefined : expected(value, 'an object')),
};
const ANY = 'google.protobuf.Any';

/** What istiod's decoder finds in the JSON of a message (`jsonpb.Unmarshaler`). */
export function flaws(messages: Messages, message: string, value: unknown, at: Path): Flaw[] {
  const found: Flaw[] = [];
  new Decoder(messages, found).message(message, value, at);
  return found;
}

class Decoder {
  constructor(
    private readonly messages: Messages,
    private readonly found: Flaw[],
  ) {}

  public message(type: string, value: unknown, at: Path): void {
    if (value === null) return;
    const wrapped = WRAPPERS[type];
    if (wrapped !== undefined) this.refuse(at, scalarReason(wrapped, value));
    else if (OWN_FORM[type] !== undefined) this.refuse(at, OWN_FORM[type](value));
    else if (!isRecord(value)) this.refuse(at, expected(value, `an object, a message of type ${type}`));
    else if (type === ANY) this.any(value, at);
    else this.fields(type, value, at);
  }

  private fields(type: string, value: Record<string, unknown>, at: Path): void {
    const known = this.messages.fields(type);
    for (const name in value) {
      const field = known?.get(name);
      const given = value[name];
      if (field === undefined)
        this.found.push({ at: at.at(name), reason: `is no field of ${type}`, unknownField: true });
      else if (given !== null) this.field(field, given, at.at(name));
    }
  }

  private field(type: string, value: unknown, at: Path): void {
    const [, values, key] = /^(.*)\{(\w+)\}$/.exec(type) ?? [];
    if (type.endsWith('[]')) this.list(type.slice(0, -2), value, at);
    else if (values !== undefined && key !== undefined) this.map(values, key, value, at);
    else this.single(type, value, at);
  }

  private list(type: string, value: unknown, at: Path): void {
    if (!Array.isArray(value)) this.refuse(at, expected(value, 'a list'));
    else for (const [i, item] of value.entries()) this.single(type, item, at.at(i));
  }

  private map(type: string, key: string, value: unknown, at: Path): void {
    if (!isRecord(value)) {
      this.refuse(at, expected(value, 'an object'));
      return;
    }
    for (const name in value) {
      if (key !== 'string')
        this.refuse(at.at(name), scalarReason(key, key === 'bool' ? name === 'true' || name : name));
      this.single(type, value[name], at.at(name));
    }
  }

  private single(type: string, value: unknown, at: Path): void {
    const names = this.messages.values(type);
    if (names !== undefined) this.refuse(at, enumReason(names, value));
    else if (this.messages.fields(type) !== undefined) this.message(type, value, at);
    else this.refuse(at, scalarReason(type, value));
  }

  /** A message of any type, which it names. */
  private any({ '@type': url, ...rest }: Record<string, unknown>, at: Path): void {
    const place = at.at('@type');
    if (typeof url !== 'string') {
      this.refuse(place, url === undefined ? 'is required: the type of the message' : expected(url, 'a string'));
      return;
    }
    const type = url.slice(url.lastIndexOf('/') + 1);
    if (this.messages.fields(type) === undefined) {
      const hint = /\.v2\b/.test(type) ? '; Envoy has version 3 of its API' : '';
      this.refuse(place, expected(url, `the type of a message that istiod knows${hint}`));
    } else if (isWellKnown(type)) {
      if (rest.value === undefined) this.refuse(at.at('value'), `is required for a message of type ${type}`);
      else this.message(type, rest.value, at.at('value'));
    } else {
      this.fields(type, rest, at);
    }
  }

  private refuse(at: Path, reason: string | undefined): void {
    if (reason !== undefined) this.found.push({ at, reason, unknownField: false });
  }
}

function isWellKnown(type: string): boolean {
  return type === ANY || type === 'google.protobuf.Empty' || type in WRAPPERS || type in OWN_FORM;
}
