import { expect, test } from 'vitest';
import { physicalName } from '../../../local/assembly/names.ts';
import { deploymentOrder } from '../../../local/assembly/order.ts';

const Type = 'AWS::X::Y';

test('resources follow what they refer to, in every form of a reference', () => {
  const resources = {
    BySub: { Type, Properties: { a: { 'Fn::Sub': 'x-${ByRef}-${AWS::Region}-${!Literal}' } } },
    ByRef: { Type, Properties: { a: [{ b: { Ref: 'ByAttribute' } }] } },
    ByAttribute: { Type, Properties: { a: { 'Fn::GetAtt': 'ByList.Arn' }, b: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['ByList', 'Arn'] }]] } } },
    ByList: { Type, DependsOn: ['Last'] },
    Last: { Type, DependsOn: 'VeryLast' },
    VeryLast: { Type, Properties: { a: { 'Fn::Sub': ['${Name}', { Name: 'BySub' }] } } },
  };
  expect(deploymentOrder('App', resources)).toEqual(['VeryLast', 'Last', 'ByList', 'ByAttribute', 'ByRef', 'BySub']);
});

test('a circle is named', () => {
  const resources = { A: { Type, Properties: { x: { Ref: 'B' } } }, B: { Type, Properties: { x: { Ref: 'C' } } }, C: { Type, DependsOn: 'B' } };
  expect(() => deploymentOrder('App', resources)).toThrow('B → C → B');
});

test('generated names are stable, distinct and as long as allowed', () => {
  const name = physicalName({ stackName: 'Stack', logicalId: 'Logical' }, 63);
  expect(name).toMatch(/^Stack-Logical-[0-9A-Z]{12}$/);
  expect(physicalName({ stackName: 'Stack', logicalId: 'Logical' }, 63)).toBe(name);
  expect(physicalName({ stackName: 'Stack', logicalId: 'Other' }, 63)).not.toBe(name);
  expect(physicalName({ stackName: 'S'.repeat(100), logicalId: 'L'.repeat(100) }, 64)).toMatch(/^S{25}-L{25}-[0-9A-Z]{12}$/);
});
