import { resourceReferences } from './references.ts';
import { AssemblyError, type TemplateResource } from './template.ts';

/** The logical ids of a template so that each comes after what it needs; ties keep the template's order. */
export function deploymentOrder(stackName: string, resources: Readonly<Record<string, TemplateResource>>): string[] {
  const ordered = new Set<string>();
  const path: string[] = [];
  const visit = (logicalId: string): void => {
    if (ordered.has(logicalId)) return;
    if (path.includes(logicalId)) {
      const circle = [...path.slice(path.indexOf(logicalId)), logicalId];
      throw new AssemblyError(`The resources of ${stackName} depend on each other in a circle: ${circle.join(' → ')}. Break it as AWS would ask you to: with a resource of its own for the last link.`);
    }
    path.push(logicalId);
    for (const needed of resourceReferences(resources[logicalId]!)) if (Object.hasOwn(resources, needed)) visit(needed);
    path.pop();
    ordered.add(logicalId);
  };
  Object.keys(resources).forEach(visit);
  return [...ordered];
}
