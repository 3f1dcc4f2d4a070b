import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');

/**
 * Everything of the public interface that takes options: `new Gateway`, `Port.http`, `mesh.service`; of an abstract class
 * its factories.
 */
export function takesOptions(): string[] {
  const index = join(ROOT, 'lib/index.ts');
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const program = ts.createProgram([index], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(index) as ts.SourceFile) as ts.Symbol;
  return checker
    .getExportsOfModule(module)
    .map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol))
    .flatMap((symbol) => {
      const declaration = symbol.declarations?.find(ts.isClassDeclaration);
      return declaration ? ofClass(checker, symbol, declaration) : [];
    })
    .sort();
}

function ofClass(checker: ts.TypeChecker, symbol: ts.Symbol, declaration: ts.ClassDeclaration): string[] {
  const { name } = symbol;
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  const instance = checker.getDeclaredTypeOfSymbol(symbol);
  const named = (properties: readonly ts.Symbol[], path: string) =>
    properties
      .filter((property) =>
        takes(checker, checker.getTypeOfSymbolAtLocation(property, declaration).getCallSignatures()),
      )
      .map((property) => `${path}.${property.name}`);
  const statics = named(checker.getPropertiesOfType(type), name);
  if (isAbstract(declaration)) return statics;
  return [
    ...statics,
    ...(takes(checker, type.getConstructSignatures()) ? [`new ${name}`] : []),
    ...named(checker.getPropertiesOfType(instance), `${name.charAt(0).toLowerCase()}${name.slice(1)}`),
  ];
}

/** Whether one of the signatures is public, ours, and has a parameter with options. */
function takes(checker: ts.TypeChecker, signatures: readonly ts.Signature[]): boolean {
  return signatures.some((signature) => {
    const declaration = signature.getDeclaration() as ts.SignatureDeclaration | undefined;
    if (declaration === undefined || !isOurs(declaration) || !isPublic(declaration)) return false;
    return signature.parameters.some((parameter) => {
      const type = checker.getTypeOfSymbolAtLocation(parameter, declaration);
      const [element] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : [];
      return isOptions(checker, element ?? type);
    });
  });
}

/** Options are an interface of ours that no class implements: without a method, and without what is a value of ours. */
function isOptions(checker: ts.TypeChecker, type: ts.Type): boolean {
  if (type.isUnionOrIntersection()) return type.types.some((part) => isOptions(checker, part));
  const symbol = type.getSymbol();
  if (symbol === undefined || !(symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeLiteral))) return false;
  if (!symbol.declarations?.every(isOurs) || VALUES.includes(symbol.name)) return false;
  const properties = checker.getPropertiesOfType(type);
  return properties.length > 0 && properties.every(({ flags }) => !(flags & ts.SymbolFlags.Method));
}

/** What classes implement: a look-alike of a user's own is one, too. */
const VALUES = ['Destination', 'Diallable'];

const isOurs = (node: ts.Node): boolean => node.getSourceFile().fileName.startsWith(join(ROOT, 'lib/'));

function isPublic(node: ts.Declaration): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (
    !(ts.getCombinedModifierFlags(node) & hidden) &&
    !ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal')
  );
}

const isAbstract = (node: ts.ClassDeclaration): boolean =>
  (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0;
