import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A resource of a template. */
export interface TemplateResource {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A stack of an assembly. */
export interface TemplateStack {
  readonly name: string;
  readonly templateFile: string;
  readonly resources: readonly TemplateResource[];
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** What the stack exports to others, by the export's name. */
  readonly exports: Readonly<Record<string, unknown>>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, { readonly type: string; readonly properties?: { readonly templateFile?: string } }>>;
}

/** A template, as far as the checks read it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown>; readonly Metadata?: Record<string, unknown> }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: string } }>>;
}

/** Reads the stacks of a cloud assembly. */
export function readAssembly(folder: string): TemplateStack[] {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;
  return Object.entries(manifest.artifacts ?? {}).flatMap(([name, { type, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    const templateFile = path.join(folder, properties.templateFile);
    return [templateStack(name, JSON.parse(readFileSync(templateFile, 'utf8')) as Template, templateFile)];
  });
}

/** A template as a stack. */
export function templateStack(name: string, template: Template, templateFile = ''): TemplateStack {
  const resources = Object.entries(template.Resources ?? {}).map(([logicalId, resource]) => ({
    stack: name,
    logicalId,
    type: resource.Type,
    properties: resource.Properties ?? {},
    metadata: resource.Metadata ?? {},
  }));
  const outputs = Object.entries(template.Outputs ?? {}).map(([output, { Value }]) => [output, Value] as const);
  const exported = Object.values(template.Outputs ?? {}).flatMap(({ Value, Export }) => (Export === undefined ? [] : [[Export.Name, Value] as const]));
  return { name, templateFile, resources, outputs: Object.fromEntries(outputs), exports: Object.fromEntries(exported) };
}

/** Where a resource stands, for messages: its construct path, or else its stack and logical id. */
export function whereIs(resource: TemplateResource): string {
  const constructPath = resource.metadata['aws:cdk:path'];
  return typeof constructPath === 'string' ? constructPath : `${resource.stack}/${resource.logicalId}`;
}
