import { Size } from 'aws-cdk-lib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { largestDataSize, sizeFor } from '../../../lib/pipeline/private/data-sizing.ts';
import { hasLocalStorage } from '../../../lib/private/local-storage.ts';

describe('the room for data', () => {
  it('is what Lambda can give, and grows with the data', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: largestDataSize.toMebibytes() }), fc.integer({ min: 0, max: 100 }), (mebibytes, more) => {
        const size = sizeFor(Size.mebibytes(mebibytes));
        const larger = sizeFor(Size.mebibytes(Math.min(mebibytes + more, largestDataSize.toMebibytes())));
        expect(size.memorySizeMiB).toBeLessThanOrEqual(10_240);
        expect(size.ephemeralStorageSize.toMebibytes()).toBeGreaterThanOrEqual(512 + mebibytes);
        expect(size.ephemeralStorageSize.toMebibytes()).toBeLessThanOrEqual(10_240);
        expect(larger.memorySizeMiB).toBeGreaterThanOrEqual(size.memorySizeMiB);
      }),
    );
  });

  it('is made of whole mebibytes also for odd sizes', () => {
    expect(sizeFor(Size.bytes(1))).toEqual({ memorySizeMiB: 2052, ephemeralStorageSize: Size.mebibytes(516) });
  });
});

describe('instances with disks of their own', () => {
  it.each(['ml.m5d.large', 'ml.c6gd.4xlarge', 'ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.p4d.24xlarge', 'ml.p3dn.24xlarge', 'ml.p5.48xlarge', 'ml.trn1.2xlarge'])('%s', (type) => {
    expect(hasLocalStorage(type)).toBe(true);
  });

  it.each(['ml.m5.large', 'ml.c5.2xlarge', 'ml.m6i.large', 'ml.p3.2xlarge', 'ml.t3.medium', 'ml.r5.large', 'ml.c7g.large'])('not %s', (type) => {
    expect(hasLocalStorage(type)).toBe(false);
  });
});
