import path from 'node:path';
import ts from 'typescript';

/** What is wrong with the public API, as `Class.member: sentence`; none when all is well. */
export function problemsOf(entry: string): string[] {
  const { checker, exports } = exportsOf(entry);
  const exported = new Set(exports.map(({ name }) => name));
  return exports.flatMap((symbol) => (symbol.declarations ?? []).flatMap((declaration) => declarationProblems(symbol, declaration, exported, checker)));
}

/** How many members are looked at, so that a test can see that there are any. */
export function memberCount(entry: string): number {
  return exportsOf(entry).exports.flatMap(({ declarations = [] }) => declarations.flatMap((declaration) => publicMembers(declaration))).length;
}

/** The optional props that each exported interface declares itself, as `Interface.prop`. What others implement (`I..`) is no input, and neither is what only Slipway makes. */
export function optionalProps(entry: string): string[] {
  return exportsOf(entry).exports.flatMap(({ name, declarations = [] }) =>
    /^I[A-Z]/.test(name) ? [] : declarations.flatMap((declaration) => (ts.isInterfaceDeclaration(declaration) ? publicMembers(declaration) : []).flatMap((member) => (member.name !== undefined && ts.isPropertySignature(member) && member.questionToken !== undefined ? [`${name}.${member.name.getText()}`] : []))),
  );
}

/** The symbols behind the exports of a file. Only our own files are read: CDK's types are not asked for, and take seconds. */
function exportsOf(entry: string): { checker: ts.TypeChecker; exports: ts.Symbol[] } {
  const options: ts.CompilerOptions = { noLib: true, noEmit: true, allowImportingTsExtensions: true, module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext };
  const host = ts.createCompilerHost(options);
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => ({
      resolvedModule: text.startsWith('.') ? { resolvedFileName: path.resolve(path.dirname(from), text), extension: ts.Extension.Ts } : undefined,
    }));
  const program = ts.createProgram([entry], options, host);
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry)!)!;
  const exports = checker.getExportsOfModule(module).map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol));
  return { checker, exports };
}

function declarationProblems(symbol: ts.Symbol, declaration: ts.Declaration, exported: ReadonlySet<string>, checker: ts.TypeChecker): string[] {
  const { name } = symbol;
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [`${name}: is neither a class nor an interface, which jsii cannot carry.`];
  return [
    ...(isDocumented(symbol, checker) ? [] : [`${name}: has no docstring.`]),
    ...typeParameterProblems(name, declaration.typeParameters),
    ...publicMembers(declaration).flatMap((member) => memberProblems(name, declaration, member, exported, checker)),
  ];
}

type Member = ts.ClassElement | ts.TypeElement;

/** `@internal` is for what only our own code calls. */
function publicMembers(declaration: ts.Declaration): Member[] {
  if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) return [];
  return [...declaration.members].filter(
    (member) => !(ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private) && !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal'),
  );
}

function memberProblems(owner: string, declaration: ts.ClassDeclaration | ts.InterfaceDeclaration, member: Member, exported: ReadonlySet<string>, checker: ts.TypeChecker): string[] {
  const isConstructor = ts.isConstructorDeclaration(member);
  const symbol = member.name === undefined ? undefined : checker.getSymbolAtLocation(member.name);
  const where = `${owner}.${isConstructor ? 'constructor' : (symbol?.name ?? member.getText())}`;
  // `I..` is what others implement: what is left out there has no default.
  const isProp = ts.isInterfaceDeclaration(declaration) && !/^I[A-Z]/.test(owner) && ts.isPropertySignature(member) && member.questionToken !== undefined;
  return [
    ...(isConstructor || (symbol !== undefined && isDocumented(symbol, checker)) ? [] : [`${where}: has no docstring.`]),
    ...(isProp && !ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'default') ? [`${where}: is optional and has no @default.`] : []),
    ...(ts.isFunctionLike(member) ? typeParameterProblems(where, member.typeParameters) : []),
    ...signatureTypes(member).flatMap((type) => typeProblems(where, type, exported, checker)),
  ];
}

/** The types that a caller sees: a method's body is none of them. */
function signatureTypes(member: Member): ts.TypeNode[] {
  const parameters = ts.isFunctionLike(member) ? member.parameters.map(({ type }) => type) : [];
  const own = ts.isFunctionLike(member) || ts.isPropertySignature(member) || ts.isPropertyDeclaration(member) ? member.type : undefined;
  return [...parameters, own].filter((type) => type !== undefined);
}

/** Also where a class's member has its docstring from the interface that it implements. */
function isDocumented(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  return symbol.getDocumentationComment(checker).length > 0;
}

function typeParameterProblems(where: string, parameters: ts.NodeArray<ts.TypeParameterDeclaration> | undefined): string[] {
  return parameters === undefined ? [] : [`${where}: is generic, which jsii cannot carry.`];
}

function typeProblems(where: string, type: ts.TypeNode, exported: ReadonlySet<string>, checker: ts.TypeChecker): string[] {
  const problems: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isUnionTypeNode(node) || ts.isIntersectionTypeNode(node)) problems.push(`${where}: has the union or intersection ${node.getText()}.`);
    if (ts.isLiteralTypeNode(node)) problems.push(`${where}: has the literal type ${node.getText()}.`);
    if (ts.isTupleTypeNode(node) || ts.isMappedTypeNode(node) || ts.isFunctionTypeNode(node) || ts.isTypeOperatorNode(node)) problems.push(`${where}: has the type ${node.getText()}, which jsii cannot carry.`);
    if (ts.isTypeReferenceNode(node)) {
      if (node.typeArguments !== undefined) problems.push(`${where}: has the generic type ${node.getText()}.`);
      const symbol = checker.getSymbolAtLocation(node.typeName);
      const target = symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      // What cannot be resolved is CDK's.
      if ((target?.declarations ?? []).length > 0 && !exported.has(target!.name) && !isForeign(symbol!)) problems.push(`${where}: has the type ${node.getText()}, which is not exported.`);
    }
    ts.forEachChild(node, visit);
  };
  visit(type);
  return problems;
}

function isForeign(symbol: ts.Symbol): boolean {
  return (symbol.declarations ?? []).some((declaration) => {
    const statement = ts.findAncestor(declaration, ts.isImportDeclaration);
    return statement !== undefined && ts.isStringLiteral(statement.moduleSpecifier) && !statement.moduleSpecifier.text.startsWith('.');
  });
}
