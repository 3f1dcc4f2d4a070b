import type { Expression } from './parse';

/** Methods and functions that the library has: name in CEL to number of arguments, with the value itself. */
const FUNCTIONS: ReadonlyMap<string, number> = new Map([
  ['duration', 1],
  ['int', 1],
  ['isURL', 1],
  ['lowerAscii', 1],
  ['size', 1],
  ['substring', 3],
  ['url', 1],
]);
/** Methods of strings with another name in TypeScript. */
const STRING_METHODS: ReadonlyMap<string, string> = new Map([
  ['contains', 'includes'],
  ['endsWith', 'endsWith'],
  ['startsWith', 'startsWith'],
]);
const MACROS = ['all', 'exists', 'exists_one'];
const OPERATORS: ReadonlyMap<string, string> = new Map([
  ['==', '==='],
  ['!=', '!=='],
]);
/** Names of the library that rules may use without calling them. */
export const LIBRARY = ['field', 'has', 'items', 'transition', ...FUNCTIONS.keys()];

/**
 * TypeScript of an expression, over the functions of `imports/schema/cel/library.ts`.
 *
 * @throws if the expression uses something that no CRD has used so far: the API server has it, the library has not.
 */
export function emit(expression: Expression): string {
  switch (expression.type) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'list':
      return `[${expression.items.map(emit).join(', ')}]`;
    case 'emptyMap':
      return '{}';
    case 'name':
      return expression.name;
    case 'field':
      return `field(${emit(expression.of)}, '${fieldName(expression.name)}')`;
    case 'unary':
      return `${expression.operator}${emit(expression.of)}`;
    case 'binary':
      return binary(expression.operator, expression.left, expression.right);
    case 'if':
      return `(${emit(expression.test)} ? ${emit(expression.yes)} : ${emit(expression.no)})`;
    case 'call':
      return call(expression.name, expression.on, expression.args);
  }
}

function binary(operator: string, left: Expression, right: Expression): string {
  if (operator === 'in') return `${emit(right)}.includes(${emit(left)})`;
  if (operator === '==' || operator === '!=') {
    const compound = [left, right].find((side) => side.type === 'list' || side.type === 'emptyMap');
    if (compound !== undefined) throw new Error(`${operator} with a list or map is not supported`);
  }
  return `(${emit(left)} ${OPERATORS.get(operator) ?? operator} ${emit(right)})`;
}

function call(name: string, on: Expression | undefined, args: readonly Expression[]): string {
  if (name === 'has' && on === undefined) return presence(args);
  if (on !== undefined && MACROS.includes(name)) return macro(name, on, args);
  const method = STRING_METHODS.get(name);
  if (on !== undefined && method !== undefined && args.length === 1) {
    return `${emit(on)}.${method}(${args.map(emit).join()})`;
  }
  if (name === 'matches' && on !== undefined) return `${regex(args)}.test(${emit(on)})`;
  if (name === 'getScheme' && on !== undefined && args.length === 0) return `${emit(on)}.scheme`;
  const all = on === undefined ? args : [on, ...args];
  if (FUNCTIONS.get(name) !== all.length) throw new Error(`${name}() with ${all.length} values is not supported`);
  return `${name}(${all.map(emit).join(', ')})`;
}

function presence(args: readonly Expression[]): string {
  const [of, ...others] = args;
  if (of?.type !== 'field' || others.length > 0) throw new Error('has() expects a field');
  return `has(${emit(of.of)}, '${fieldName(of.name)}')`;
}

function macro(name: string, on: Expression, args: readonly Expression[]): string {
  const [variable, test, ...others] = args;
  if (variable?.type !== 'name' || test === undefined || others.length > 0) {
    throw new Error(`${name}() expects a name and a condition`);
  }
  const condition = `(${variable.name}) => ${emit(test)}`;
  const list = `items(${emit(on)})`;
  if (name === 'exists_one') return `(${list}.filter(${condition}).length === 1)`;
  return `${list}.${name === 'all' ? 'every' : 'some'}(${condition})`;
}

/** A pattern that RE2 and JavaScript read alike once its POSIX classes are written out. */
function regex(args: readonly Expression[]): string {
  const [pattern] = args;
  if (pattern?.type !== 'literal' || typeof pattern.value !== 'string') throw new Error('matches() expects a string');
  const text = pattern.value.replaceAll('[:cntrl:]', '\\x00-\\x1f\\x7f');
  if (/\[:|\(\?[^:]|\\[pPzAQEC]/.test(text)) throw new Error(`matches(${pattern.value}) is not supported`);
  return `/${text.replaceAll('/', '\\/')}/`;
}

/** CRDs write a field whose name is a word of CEL as `__word__`. */
function fieldName(name: string): string {
  const escaped = /^__([a-z]+)__$/.exec(name)?.[1];
  if (escaped === undefined && name.includes('__')) throw new Error(`field ${name}: an escape that is not supported`);
  return escaped ?? name;
}
