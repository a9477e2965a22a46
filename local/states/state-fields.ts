import type { QueryLanguage, State } from './definition.ts';

/** The fields of a state's type, by the query language in which they exist. */
export interface StateFields {
  readonly both: readonly string[];
  readonly JSONPath: readonly string[];
  readonly JSONata: readonly string[];
  /** Whether the state must say where it leads (Next or End). */
  readonly leads: boolean;
}

const paths = ['InputPath', 'OutputPath'];
const results = ['Parameters', 'ResultSelector', 'ResultPath'];
const fallible = ['Retry', 'Catch', 'Assign'];

/** What each type of state may hold besides Type, Comment, QueryLanguage, Next and End. */
export const stateFields: Readonly<Record<State['Type'], StateFields>> = {
  Pass: { both: ['Assign'], JSONPath: [...paths, 'Result', 'Parameters', 'ResultPath'], JSONata: ['Output'], leads: true },
  Task: {
    both: ['Resource', 'TimeoutSeconds', 'HeartbeatSeconds', 'Credentials', ...fallible],
    JSONPath: [...paths, ...results, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
    JSONata: ['Arguments', 'Output'],
    leads: true,
  },
  Choice: { both: ['Choices', 'Default', 'Assign'], JSONPath: paths, JSONata: ['Output'], leads: false },
  Wait: { both: ['Seconds', 'Timestamp', 'Assign'], JSONPath: [...paths, 'SecondsPath', 'TimestampPath'], JSONata: ['Output'], leads: true },
  Succeed: { both: [], JSONPath: paths, JSONata: ['Output'], leads: false },
  Fail: { both: ['Error', 'Cause'], JSONPath: ['ErrorPath', 'CausePath'], JSONata: [], leads: false },
  Parallel: { both: ['Branches', ...fallible], JSONPath: [...paths, ...results], JSONata: ['Arguments', 'Output'], leads: true },
  Map: {
    both: ['ItemProcessor', 'Iterator', 'ItemSelector', 'MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage', ...fallible],
    JSONPath: [...paths, ...results, 'ItemsPath', 'MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'],
    JSONata: ['Items', 'Output'],
    leads: true,
  },
};

/** Fields that AWS has and this interpreter has not yet: they belong to the distributed Map. */
export const laterFields: readonly string[] = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'];

/** Whether a state of this type and language may have the field. */
export function allowsField(type: State['Type'], language: QueryLanguage, field: string): boolean {
  if (['Type', 'Comment', 'QueryLanguage'].includes(field)) return true;
  const fields = stateFields[type];
  if (field === 'Next' || field === 'End') return fields.leads;
  return fields.both.includes(field) || fields[language].includes(field);
}
