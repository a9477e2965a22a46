import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prices } from '../../../model/cost/prices.ts';
import { apiCharges, fargateCharges, lambdaCharges, machineCharges, machinesFor, monthlyCost, type Traffic } from '../../../model/cost/serving.ts';

const traffic = fc.record({ requestsPerMonth: fc.integer({ min: 0, max: 1e10 }), peakRequestsPerSecond: fc.integer({ min: 0, max: 100_000 }), bytesPerRequest: fc.integer({ min: 1, max: 1e6 }) });
const capacity = fc.record({ requestsPerSecondPerVcpu: fc.integer({ min: 1, max: 20_000 }), lambdaMilliseconds: fc.double({ min: 0.1, max: 1000, noNaN: true }) });

describe('what a month of serving costs', () => {
  it('is nothing on Lambda while nobody asks, and grows with the requests', () => {
    const idle: Traffic = { requestsPerMonth: 0, peakRequestsPerSecond: 0, bytesPerRequest: 500 };
    expect(monthlyCost(lambdaCharges(idle, { requestsPerSecondPerVcpu: 1000, lambdaMilliseconds: 3 }, 1769))).toBe(0);
    fc.assert(fc.property(traffic, capacity, (one, able) => {
      const twice = { ...one, requestsPerMonth: 2 * one.requestsPerMonth };
      const cost = monthlyCost([...lambdaCharges(one, able, 1769), ...apiCharges(one, 'httpApiRequest')]);
      expect(monthlyCost([...lambdaCharges(twice, able, 1769), ...apiCharges(twice, 'httpApiRequest')])).toBeCloseTo(2 * cost, 6);
    }));
  });

  it('bills whole milliseconds', () => {
    const one: Traffic = { requestsPerMonth: 1e6, peakRequestsPerSecond: 1, bytesPerRequest: 500 };
    const cost = (lambdaMilliseconds: number) => monthlyCost(lambdaCharges(one, { requestsPerSecondPerVcpu: 1, lambdaMilliseconds }, 1024));
    expect(cost(1.01)).toBe(cost(2));
    // A million requests of one second at 1 GB: 1,000,000 GB-seconds and 1,000,000 requests.
    expect(cost(1000)).toBeCloseTo(13.3334 + 0.2, 6);
  });

  it('meters an HTTP API by 512 KB', () => {
    const of = (bytesPerRequest: number) => apiCharges({ requestsPerMonth: 10, peakRequestsPerSecond: 1, bytesPerRequest }, 'httpApiRequest')[0]!.quantity;
    expect([of(1), of(512 * 1024), of(512 * 1024 + 1)]).toEqual([10, 10, 20]);
  });

  it('plans for the peak with room to spare, and never for less than two machines', () => {
    fc.assert(fc.property(traffic, capacity, fc.integer({ min: 1, max: 16 }), (one, able, vcpus) => {
      const machines = machinesFor(one, able, vcpus);
      expect(machines).toBeGreaterThanOrEqual(2);
      expect(machines * vcpus * able.requestsPerSecondPerVcpu * 0.7).toBeGreaterThanOrEqual(one.peakRequestsPerSecond - 1e-6 * one.peakRequestsPerSecond);
      expect(monthlyCost(machineCharges(one, able, 'sagemakerC5XlargeHour', vcpus))).toBeCloseTo(machines * 730 * 0.204, 4);
    }));
  });

  it('has a floor on Fargate: two tasks and a load balancer', () => {
    const idle: Traffic = { requestsPerMonth: 0, peakRequestsPerSecond: 0, bytesPerRequest: 0 };
    const cost = monthlyCost(fargateCharges(idle, { requestsPerSecondPerVcpu: 1000, lambdaMilliseconds: 3 }, { vcpus: 1, memoryGiB: 2 }));
    expect(cost).toBeCloseTo(730 * (2 * 0.03238 + 4 * 0.00356 + 0.0225), 6);
  });
});

const shared = path.resolve(import.meta.dirname, '../../../../shared/prices/us-east-1.json');

it.skipIf(!existsSync(shared))('has the prices that were collected', () => {
  const facts = JSON.parse(readFileSync(shared, 'utf8')) as Record<string, Record<string, number>>;
  expect(prices.lambdaArmGigabyteSecond.value).toBe(facts['lambda']!['arm64_gb_s']);
  expect(prices.lambdaRequest.value).toBe(facts['lambda']!['request']);
  expect(prices.fargateArmVcpuHour.value).toBe(facts['fargate']!['arm_vcpu_hour']);
  expect(prices.fargateArmGigabyteHour.value).toBe(facts['fargate']!['arm_gb_hour']);
  expect(prices.sagemakerC5XlargeHour.value).toBe(facts['sagemaker_hosting_hour']!['ml.c5.xlarge']);
  expect(prices.ec2G6XlargeHour.value).toBe(facts['ec2_hour']!['g6.xlarge']);
  expect(prices.alarmMonth.value).toBe(facts['cloudwatch']!['alarm_month']);
  expect(prices.metricMonth.value).toBe(facts['cloudwatch']!['custom_metric_month']);
});
