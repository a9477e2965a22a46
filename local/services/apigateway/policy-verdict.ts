/** A policy as an authorizer function answers it. */
export interface VerdictPolicy {
  readonly Statement?: VerdictStatement | readonly VerdictStatement[];
}

interface VerdictStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Whether a policy lets a request through: a denial wins, and silence is no permission. */
export function decide({ Statement = [] }: VerdictPolicy, routeArn: string): 'allowed' | 'denied' | 'silent' {
  const applying = [Statement].flat().filter(({ Action, Resource }) => matchesAny(Action, 'execute-api:Invoke') && matchesAny(Resource, routeArn));
  if (applying.some(({ Effect }) => Effect !== 'Allow')) return 'denied';
  return applying.length > 0 ? 'allowed' : 'silent';
}

function matchesAny(patterns: string | readonly string[], value: string): boolean {
  return [patterns].flat().some((pattern) => new RegExp(`^${pattern.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`).test(value));
}
