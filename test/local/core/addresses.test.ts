import { expect, test } from 'vitest';
import { Addresses } from '../../../local/core/addresses.ts';
import { createRoute53 } from '../../../local/services/route53/index.ts';
import { openBench } from '../services/harness.ts';

test('addresses whose host is known here lead to this machine; others stay as they are', () => {
  const addresses = new Addresses();
  addresses.publish('door-1.us-east-1.elb.amazonaws.com', 443, 'http://127.0.0.1:1443');
  addresses.publish('door-1.us-east-1.elb.amazonaws.com', 8080, 'http://127.0.0.1:1880');
  const text = 'https://door-1.us-east-1.elb.amazonaws.com/a http://Door-1.us-east-1.elb.amazonaws.com:8080 http://door-1.us-east-1.elb.amazonaws.com https://example.com';
  expect(addresses.reach(text)).toBe('http://127.0.0.1:1443/a http://127.0.0.1:1880 http://door-1.us-east-1.elb.amazonaws.com https://example.com');
  addresses.remove('door-1.us-east-1.elb.amazonaws.com');
  expect(addresses.reach(text)).toBe(text);
});

test("Route 53's records are other names of the same place", async () => {
  const bench = await openBench({ modules: [createRoute53] });
  const { addresses } = bench.context;
  addresses.publish('door.elb.amazonaws.com', 443, 'http://127.0.0.1:1443');
  await bench.provision('AWS::Route53::RecordSet', 'Name', { Name: 'api.example.com.', Type: 'A', AliasTarget: { DNSName: 'dualstack.door.elb.amazonaws.com' } });
  await bench.provision('AWS::Route53::RecordSetGroup', 'Names', { RecordSets: [{ Name: 'other.example.com', Type: 'CNAME', ResourceRecords: ['door.elb.amazonaws.com'] }] });
  expect(addresses.reach('https://api.example.com/x https://other.example.com')).toBe('http://127.0.0.1:1443/x http://127.0.0.1:1443');
  await bench.remove('AWS::Route53::RecordSet', 'Name');
  expect(addresses.reach('https://api.example.com/x')).toBe('https://api.example.com/x');
  await bench.close();
});
