import { describe, expect, it } from 'vitest';
import { flightDelays } from '../../examples/flight-delays/flight-delays.ts';
import { testApp } from '../lib/support.ts';
import { machineOf, payloadOf, raw, stacksOf } from './support.ts';

const env = { region: 'us-east-1' };

/** Properties that name a resource within an account and region (or the world). */
const physicalNames = ['BucketName', 'LogGroupName', 'ModelPackageGroupName', 'RoleName', 'FunctionName', 'StateMachineName', 'TopicName', 'QueueName', 'Name', 'BudgetName'];

describe('the example', () => {
  const copy = flightDelays(testApp(), { env, name: 'slipway', stage: 'dev' });

  it('learns what is known before departure', () => {
    const { features, schema } = payloadOf(machineOf(copy), 'PrepareData');
    expect((features as { name: string }[]).map(({ name }) => name)).toEqual(['date_hour_of_day', 'date_day_of_week', 'date_day_of_year', 'distance', 'origin', 'destination']);
    expect(schema).toMatchObject({ label: { column: 'delay', kind: 'above', threshold: 15, name: 'late' } });
  });

  it('holds out a random share of the flights, or the newest ones where it is asked to', () => {
    expect(payloadOf(machineOf(copy), 'PrepareData')['split']).toMatchObject({ kind: 'rowHash' });
    expect(payloadOf(machineOf(copy), 'ValidateModel')['gates']).toMatchObject([{ threshold: 0.72 }]);
    const newest = machineOf(flightDelays(testApp(), { env, name: 'slipway', stage: 'dev', splitByTime: true }));
    expect(payloadOf(newest, 'PrepareData')['split']).toMatchObject({ kind: 'time', column: 'date', train: 0.8, validation: 0.1, test: 0.1 });
    expect(payloadOf(newest, 'ValidateModel')['gates']).toMatchObject([{ threshold: 0.6 }]);
  });

  it('needs no account, and knows its region', () => {
    for (const stack of stacksOf(copy)) expect([stack.region, stack.account]).toEqual(['us-east-1', expect.stringContaining('Token')]);
  });

  it('has no custom resource and nothing that is billed by the hour', () => {
    const types = stacksOf(copy).flatMap((stack) => Object.values(raw(stack).Resources ?? {}).map(({ Type }) => Type));
    expect(types.filter((type) => /CustomResource|Custom::|NatGateway|VPCEndpoint|Endpoint$/.test(type))).toEqual([]);
  });

  it('fits twice into one account', () => {
    const app = testApp();
    const copies = [flightDelays(app, { env, name: 'slipway', stage: 'dev' }), flightDelays(app, { env, name: 'other', stage: 'dev' }), flightDelays(app, { env, name: 'slipway', stage: 'prod' })];
    const names = copies.map((one) =>
      stacksOf(one).flatMap((stack) => [
        stack.stackName,
        ...Object.entries(raw(stack).Resources ?? {}).flatMap(([, { Type, Properties = {} }]) =>
          physicalNames.flatMap((property) => (typeof Properties[property] === 'string' && !nameIsLocal(Type) ? [`${Type} ${property} ${Properties[property]}`] : [])),
        ),
        ...Object.values(raw(stack).Outputs ?? {}).flatMap(({ Export }) => Export?.Name ?? []),
      ]),
    );
    const all = names.flat();
    expect(all.length).toBeGreaterThan(10);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
    const prefixes = copies.map(({ pipeline }) => /flight-delays-[0-9a-f]{8}-/.exec(JSON.stringify(raw(pipeline)))?.[0]);
    expect(new Set(prefixes).size).toBe(3);
  });
});

/** An HTTP API's name is for people: several may share it. */
function nameIsLocal(type: string): boolean {
  return type === 'AWS::ApiGatewayV2::Api';
}
