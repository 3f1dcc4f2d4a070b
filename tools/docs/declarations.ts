import ts from 'typescript';

/** One member of an exported type. */
export interface Row {
  /** As one would declare it. */
  readonly signature: string;
  /** What it means, and its default. */
  readonly summary: string;
  /** What it throws, with codes. */
  readonly throws: string;
}

/** One exported name. */
export interface Entry {
  readonly name: string;
  /** `class`, `interface`, `type`, `function` or `value`. */
  readonly kind: string;
  /** First paragraph of the docstring. */
  readonly summary: string;
  /** All paragraphs of it. */
  readonly paragraphs: string[];
  /** Code that shows its use. */
  readonly example?: string;
  /** What the name stands for, where it has no members. */
  readonly signature?: string;
  readonly rows: Row[];
  /** What its signatures name. */
  readonly mentions: ts.Symbol[];
}

/** Describes an exported name. */
export function entryOf(checker: ts.TypeChecker, exported: ts.Symbol): Entry {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declaration = symbol.declarations?.[0];
  if (declaration === undefined) throw new Error(`${exported.name}: exported, but not declared anywhere`);
  const base = {
    name: exported.name,
    summary: paragraphsOf(checker, symbol)[0] ?? '',
    paragraphs: paragraphsOf(checker, symbol),
    ...exampleOf(declaration),
    mentions: mentionsOf(checker, declaration),
  };
  if (ts.isClassDeclaration(declaration)) {
    const kind = isAbstract(declaration) ? 'abstract class' : 'class';
    return { ...base, kind: heritage(kind, declaration), rows: classRows(checker, declaration) };
  }
  if (ts.isInterfaceDeclaration(declaration)) {
    return { ...base, kind: heritage('interface', declaration), rows: memberRows(checker, declaration.members) };
  }
  if (ts.isFunctionDeclaration(declaration)) {
    return { ...base, kind: 'function', signature: head(declaration), rows: [] };
  }
  if (ts.isTypeAliasDeclaration(declaration)) {
    return { ...base, kind: 'type', signature: oneLine(declaration.type.getText()), rows: [] };
  }
  return { ...base, kind: 'value', rows: [] };
}

function classRows(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): Row[] {
  const [statics, own] = [true, false].map((isStatic) =>
    declaration.members.filter((member) => !ts.isConstructorDeclaration(member) && isStatic === hasStatic(member)),
  );
  const all = declaration.members.filter(ts.isConstructorDeclaration);
  // of overloads, what stands before the implementation is what users see
  const overloads = all.filter(({ body }) => body === undefined);
  const constructors = overloads.length > 0 ? overloads : all;
  // properties that the constructor declares
  const parameters = all.flatMap(({ parameters }) =>
    parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, parameter.parent)),
  );
  const members = [...constructors, ...(statics ?? []), ...parameters, ...(own ?? [])].filter(isPublic);
  return withoutRepeats(
    members.map((member) => ({
      signature: ts.isConstructorDeclaration(member)
        ? `new ${declaration.name?.text}(${parametersOf(member)})`
        : `${hasStatic(member) ? `${declaration.name?.text}.` : ''}${head(member)}`,
      summary: documentation(checker, member) || (ts.isConstructorDeclaration(member) ? 'Makes one.' : ''),
      throws: throwsOf(member),
    })),
  );
}

/** Overloads share one docstring: it stands at the first. */
function withoutRepeats(rows: Row[]): Row[] {
  const nameOf = ({ signature }: Row) => signature.split('(')[0];
  return rows.map((row, index) => {
    const before = rows[index - 1];
    const isRepeat = before !== undefined && nameOf(before) === nameOf(row) && before.summary === row.summary;
    return isRepeat && row.signature.includes('(') ? { ...row, summary: 'As above.' } : row;
  });
}

function memberRows(checker: ts.TypeChecker, members: ts.NodeArray<ts.TypeElement>): Row[] {
  return members
    .filter(isPublic)
    .map((member) => ({ signature: head(member), summary: documentation(checker, member), throws: throwsOf(member) }));
}

/** Name, parameters and type of a declaration, as one would write it. */
function head(node: ts.Node & { readonly name?: ts.Node }): string {
  const name = node.name?.getText() ?? '';
  if (ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isFunctionDeclaration(node)) {
    const generics = node.typeParameters ? `<${node.typeParameters.map((type) => type.getText()).join(', ')}>` : '';
    return oneLine(`${name}${generics}(${parametersOf(node)}): ${node.type?.getText() ?? 'void'}`);
  }
  if (ts.isPropertyDeclaration(node) || ts.isPropertySignature(node) || ts.isParameter(node)) {
    return oneLine(`${name}${node.questionToken ? '?' : ''}${node.type ? `: ${node.type.getText()}` : ''}`);
  }
  if (ts.isIndexSignatureDeclaration(node)) return oneLine(`[${parametersOf(node)}]: ${node.type.getText()}`);
  if (ts.isGetAccessorDeclaration(node)) return oneLine(`${name}${node.type ? `: ${node.type.getText()}` : ''}`);
  return name;
}

function parametersOf(node: ts.SignatureDeclaration): string {
  return oneLine(
    node.parameters
      .map((parameter) => {
        const isOptional = parameter.questionToken !== undefined || parameter.initializer !== undefined;
        const dots = parameter.dotDotDotToken ? '...' : '';
        const type = parameter.type ? `: ${parameter.type.getText()}` : '';
        return `${dots}${parameter.name.getText()}${isOptional ? '?' : ''}${type}`;
      })
      .join(', '),
  );
}

function heritage(kind: string, declaration: ts.ClassDeclaration | ts.InterfaceDeclaration): string {
  const clauses = (declaration.heritageClauses ?? []).map((clause) => oneLine(clause.getText()));
  return [kind, ...clauses.map((clause) => `\`${clause}\``)].join(' ');
}

/** Symbols that the types of a declaration's public members name. */
function mentionsOf(checker: ts.TypeChecker, declaration: ts.Declaration): ts.Symbol[] {
  const found: ts.Symbol[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isClassElement(node) && !isPublic(node)) return;
    if (ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)) {
      const symbol = checker.getSymbolAtLocation(ts.isTypeReferenceNode(node) ? node.typeName : node.expression);
      if (symbol) found.push(symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
    }
    if (!ts.isBlock(node)) ts.forEachChild(node, visit);
  };
  visit(declaration);
  return found;
}

function paragraphsOf(checker: ts.TypeChecker, symbol: ts.Symbol): string[] {
  return paragraphs(ts.displayPartsToString(symbol.getDocumentationComment(checker)));
}

/** All paragraphs, and the default. */
function documentation(checker: ts.TypeChecker, node: ts.Node & { readonly name?: ts.Node }): string {
  const symbol = node.name ? checker.getSymbolAtLocation(node.name) : undefined;
  const texts = symbol ? paragraphsOf(checker, symbol) : paragraphs(commentOf(node));
  const value = tagOf(node, 'default').replace(/^- /, '');
  return [...texts, ...(value ? [`Default: ${value}.`] : [])].join(' ');
}

/** What a call throws; a constructor without a text of its own says only that. */
function throwsOf(node: ts.Node): string {
  const text = tagOf(node, 'throws');
  return text === '' ? '' : `${text.replace(/\.$/, '')}.`;
}

function tagOf(node: ts.Node, name: string): string {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name);
  return tag === undefined ? '' : oneLine(ts.getTextOfJSDocComment(tag.comment) ?? '');
}

function exampleOf(declaration: ts.Declaration): { example?: string } {
  const tag = ts.getJSDocTags(declaration).find(({ tagName }) => tagName.text === 'example');
  const text = tag === undefined ? '' : (ts.getTextOfJSDocComment(tag.comment) ?? '').replace(/^\n+/, '').trimEnd();
  if (text === '') return {};
  const lines = text.split('\n');
  const margin = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return { example: lines.map((line) => line.slice(margin)).join('\n') };
}

function commentOf(node: ts.Node): string {
  return ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n\n');
}

function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => oneLine(paragraph).replaceAll(/\{@link (\w+)\s*\}/g, '`$1`'))
    .filter((paragraph) => paragraph !== '');
}

function oneLine(text: string): string {
  // a comment inside a declaration is no part of its signature
  return text
    .replaceAll(/\/\*[\s\S]*?\*\//g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/,? \}/g, ' }')
    .trim();
}

function isPublic(node: ts.Node): boolean {
  if (ts.isClassStaticBlockDeclaration(node)) return false;
  const flags = ts.getCombinedModifierFlags(node as ts.Declaration);
  const isInternal = ts.getJSDocTags(node).some(({ tagName }) => tagName.text === 'internal');
  return !(flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) && !isInternal;
}

function hasStatic(node: ts.Node): boolean {
  return (ts.getCombinedModifierFlags(node as ts.Declaration) & ts.ModifierFlags.Static) !== 0;
}

function isAbstract(node: ts.ClassDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Abstract) !== 0;
}
