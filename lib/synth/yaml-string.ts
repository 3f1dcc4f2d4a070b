/**
 * Strings as YAML scalars: exactly as cdk8s writes them (package `yaml`, schema 1.1, no line folding), except that
 * more is quoted or escaped where a parser in use would read something else than the string. See `AMBIGUOUS` and
 * `NOT_PRINTABLE`.
 */

/** Whether a string holds half of a character (a lone surrogate), which no UTF-8 file can. */
export function hasHalfCharacter(text: string): boolean {
  return /[\ud800-\udfff]/.test(text) && /\p{Cs}/u.test(text);
}

/**
 * What YAML parsers do not accept as it is, or take for a line break (YAML 1.1: NEL, LS, PS) or a byte order mark.
 * cdk8s leaves all but the first group unescaped.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
const NOT_PRINTABLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

/** Not allowed in a plain scalar: indicators at the beginning, `: `, ` #`, a space or colon at the end. */
const NOT_PLAIN = /^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$/;

/** Only strings that begin like this can be ambiguous. */
const SUSPICIOUS = /^[-+.\d~=<eEfFnNoOtTyY]|^$/;

const AMBIGUOUS = anyOf(
  // YAML 1.1, as the package `yaml` reads it; these cdk8s quotes too.
  /^(?:~|[Nn]ull|NULL)?$/,
  /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON|[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/,
  /^[-+]?0b[01_]+$/,
  /^[-+]?[0-9][0-9_]*$/,
  /^[-+]?0x[0-9a-fA-F_]+$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/,
  /^[-+]?(?:[0-9][0-9_]*)?(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/,
  /^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]*$/,
  /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
  /^\d{4}-\d{1,2}-\d{1,2}(?:(?:t|T|[ \t]+)\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:[ \t]*(?:Z|[-+][012]?\d(?::\d{2})?))?)?$/,
  // The merge key and the value key of YAML 1.1; cdk8s writes `<<` unquoted.
  /^(?:<<|=)$/,
  // Octal of YAML 1.2, and what kubectl (Go: base 0, underscores removed first) takes for a number.
  /^[-+]?0_*(?:[xX][0-9a-fA-F_]+|[bB][01_]+|[oO][0-7_]+)$/,
  /^[-+]_*[0-9][0-9_]*$/,
  /^[-+]?[0-9_]*\.?[0-9_]+(?:[eE][-+]?[0-9_]+)?$/,
);

/** What most strings look like: longer than `false`, and not beginning like the number `e12345` of YAML 1.1. */
export function isPlainWord(text: string): boolean {
  return /^[A-DF-Za-df-z/][-\w./]{5,}$/.test(text);
}

/** A string on one line: a key, or a value without line breaks. */
export function singleLine(text: string): string {
  if (text.includes('\n') || NOT_PRINTABLE.test(text)) {
    return doubleQuoted(text);
  }
  if (NOT_PLAIN.test(text) || (SUSPICIOUS.test(text) && AMBIGUOUS.test(text))) {
    return quoted(text);
  }
  return text;
}

/** A key of the outermost map, where a line may not begin like the end of the document. */
export function outermostKey(text: string): string {
  return /^(?:---|\.\.\.)/.test(text) ? quoted(text) : singleLine(text);
}

function quoted(text: string): string {
  const single = text.includes('"') && !/['\n]/.test(text) && !NOT_PRINTABLE.test(text);
  return single ? `'${text}'` : doubleQuoted(text);
}

/**
 * White space that a block would lose: on the last line, or all of the text. And a tab at the beginning, which kubectl
 * (Go) takes for indentation and refuses; cdk8s writes a block for the last two.
 */
const NO_BLOCK = /\n[\t ]+$|^\s*$|^\n*\t/;

/**
 * A string with line breaks, as a value: a literal block where that keeps every character, otherwise double quotes.
 *
 * @param indent indentation of the lines of the block, not empty.
 */
export function multiLine(text: string, indent: string): string {
  if (NOT_PRINTABLE.test(text) || NO_BLOCK.test(text)) {
    return doubleQuoted(text, indent);
  }
  return literalBlock(text, indent);
}

function literalBlock(text: string, indent: string): string {
  // At the end: spaces and line breaks that decide the chomping indicator.
  const body = text.replace(/[\n\t ]+$/, '');
  const end = text.slice(body.length);
  const lastBreaks = end.indexOf('\n');
  const chomp = lastBreaks < 0 ? '-' : body === '' || lastBreaks !== end.length - 1 ? '+' : '';
  // At the beginning: a space hides the indentation, which is then stated.
  const start = /^[ \n]*/.exec(body)?.[0] ?? '';
  const header = (start.includes(' ') ? '2' : '') + chomp;
  const lines = (end.endsWith('\n') ? text.slice(0, -1) : text).replace(/\n+(?!\n|$)/g, `$&${indent}`);
  return `|${header}\n${indent}${lines}`;
}

/**
 * A string in double quotes, everything that needs it escaped.
 *
 * @param indent indentation of continuation lines; a longer text with line breaks then takes several lines.
 */
export function doubleQuoted(text: string, indent?: string): string {
  const json = JSON.stringify(text);
  // A space before a line break would be folded away.
  const escaped = json.replace(NOT_PRINTABLE_JSON, escapeCharacter).replace(/ (?=\\n)/g, '\\ ');
  if (indent === undefined || json.length < 40) {
    return escaped;
  }
  return escaped.replace(/((?:\\n)+)( ?)|\\[^n]/g, (token, breaks: string | undefined, space, offset: number) => {
    if (breaks === undefined) {
      return token;
    }
    const count = breaks.length / 2;
    if (space === '' && offset + token.length === escaped.length - 1) {
      return count === 1 ? token : `${'\n'.repeat(count)}${indent}\\n`;
    }
    // Folding eats one line break, and a space at the beginning of a line.
    return `${'\n'.repeat(count + 1)}${indent}${space === '' ? '' : '\\ '}`;
  });
}

/** `NOT_PRINTABLE` after `JSON.stringify`, which escapes the first group of it (and takes care of backslashes). */
const NOT_PRINTABLE_JSON = /\\\\|\\u00([01][0-9a-f])|[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

const SHORT: { readonly [code: string]: string } = {
  '00': '\\0',
  '07': '\\a',
  '0b': '\\v',
  '1b': '\\e',
  '85': '\\N',
  '2028': '\\L',
  '2029': '\\P',
};

function escapeCharacter(match: string, control?: string): string {
  if (match === '\\\\') {
    return match;
  }
  const code = control ?? match.charCodeAt(0).toString(16);
  return SHORT[code] ?? (code.length === 2 ? `\\x${code}` : `\\u${code}`);
}

function anyOf(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'));
}
