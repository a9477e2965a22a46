import type { Condition, RuleProperties } from './types.ts';

/** What rules look at. */
export interface RequestFacts {
  readonly method: string;
  readonly host: string;
  /** Without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
}

/** Whether all conditions of a rule hold. */
export function applies({ Conditions }: Pick<RuleProperties, 'Conditions'>, request: RequestFacts): boolean {
  return Conditions.every((condition) => holds(condition, request));
}

function holds(condition: Condition, { method, host, path, query, headers }: RequestFacts): boolean {
  const values = (config: { readonly Values?: readonly string[] } | undefined): readonly string[] => config?.Values ?? condition.Values ?? [];
  switch (fieldOf(condition)) {
    case 'path-pattern':
      return values(condition.PathPatternConfig).some((pattern) => fits(pattern, path, true));
    case 'host-header':
      return values(condition.HostHeaderConfig).some((pattern) => fits(pattern, host.replace(/:\d+$/, ''), false));
    case 'http-header': {
      const value = headers[condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? ''];
      return value !== undefined && values(condition.HttpHeaderConfig).some((pattern) => fits(pattern, value, false));
    }
    case 'http-request-method':
      return values(condition.HttpRequestMethodConfig).includes(method);
    case 'query-string':
      return (condition.QueryStringConfig?.Values ?? []).some(({ Key, Value = '' }) => [...query].some(([key, value]) => (Key === undefined || fits(Key, key, false)) && fits(Value, value, false)));
    case 'source-ip':
      // Every request comes from this machine, which stands for whoever may reach the load balancer.
      return true;
    default:
      return false;
  }
}

function fieldOf(condition: Condition): string | undefined {
  if (condition.Field !== undefined) return condition.Field;
  const byConfig: readonly [keyof Condition, string][] = [
    ['PathPatternConfig', 'path-pattern'],
    ['HostHeaderConfig', 'host-header'],
    ['HttpHeaderConfig', 'http-header'],
    ['HttpRequestMethodConfig', 'http-request-method'],
    ['QueryStringConfig', 'query-string'],
    ['SourceIpConfig', 'source-ip'],
  ];
  return byConfig.find(([name]) => condition[name] !== undefined)?.[1];
}

/** `*` stands for any characters, `?` for one. */
function fits(pattern: string, text: string, caseMatters: boolean): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${source}$`, caseMatters ? 's' : 'si').test(text);
}
