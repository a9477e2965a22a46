import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { describe, expect, it } from 'vitest';
import { RiskRating, ServingImage, TrainingPipeline } from '../../../lib/index.ts';
import type { RegistrationOptions } from '../../../lib/index.ts';
import { ground, learning, OwnTarget, testStack } from '../support.ts';
import { payloadOf } from './machine.ts';

function declared(options: RegistrationOptions = {}, stack = testStack()): unknown {
  const { platform, registry } = ground(stack);
  new TrainingPipeline(stack, 'Flights', { platform, registry, target: new OwnTarget(platform.artifactBucket), ...learning, ...options });
  return payloadOf(Template.fromStack(stack), 'RegisterModel')['declared'];
}

describe('what a pipeline says of its models', () => {
  it('is nothing by itself', () => {
    expect(declared()).toEqual({ card: {} });
  });

  it('reaches the registration, each word in its section of the card', () => {
    const modelCard = {
      purpose: 'a', intendedUses: 'b', limitations: 'c', riskRating: RiskRating.HIGH, riskExplanation: 'd', businessProblem: 'e', businessStakeholders: 'f', lineOfBusiness: 'g', ethicalConsiderations: 'h', caveats: 'i', creator: 'j',
    };
    expect(declared({ sourceRevision: '0123abc-dirty', modelCard })).toEqual({
      revision: '0123abc-dirty',
      card: {
        creator: 'j',
        intendedUses: { purpose_of_model: 'a', intended_uses: 'b', factors_affecting_model_efficiency: 'c', risk_rating: 'High', explanations_for_risk_rating: 'd' },
        businessDetails: { business_problem: 'e', business_stakeholders: 'f', line_of_business: 'g' },
        additionalInformation: { ethical_considerations: 'h', caveats_and_recommendations: 'i' },
      },
    });
    for (const riskRating of [RiskRating.MEDIUM, RiskRating.LOW]) expect(declared({ modelCard: { riskRating } })).toEqual({ card: { intendedUses: { risk_rating: riskRating.value } } });
  });

  it('names the image that serves the model', () => {
    const types = { contentTypes: ['text/csv'], responseTypes: ['text/csv', 'application/json'], environment: { THREADS: '2' } };
    expect(declared({ servingImage: ServingImage.fromUri('registry.example/server:1.2', types) })).toEqual({ card: {}, serving: { image: 'registry.example/server:1.2', ...types } });
    const stack = testStack();
    const image = ServingImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Repository', 'server'), `sha256:${'1'.repeat(64)}`);
    expect(declared({ servingImage: image }, stack)).toMatchObject({
      serving: { image: expect.stringMatching(/\/server@sha256:1{64}$/) as string, contentTypes: ['application/json'], responseTypes: ['application/json'] },
    });
  });

  it('takes what is known at deployment alone', () => {
    const later = Lazy.string({ produce: () => 'later, and with spaces' });
    expect(() => declared({ sourceRevision: later, modelCard: { purpose: later }, servingImage: ServingImage.fromUri(later) })).not.toThrow();
  });

  it.each<[string, () => RegistrationOptions, RegExp]>([
    ['a revision with spaces', () => ({ sourceRevision: 'not a commit' }), /sourceRevision is 'not a commit', expected 1 to 256 letters/],
    ['a revision of no letters', () => ({ sourceRevision: '' }), /sourceRevision is ''.*leave it out/],
    ['a long text', () => ({ modelCard: { purpose: 'x'.repeat(2049) } }), /modelCard: purpose is "2049 characters", expected 1 to 2,048 characters/],
    ['a text without letters', () => ({ modelCard: { caveats: '' } }), /modelCard: caveats is "0 characters"/],
    ['a long creator', () => ({ modelCard: { creator: 'x'.repeat(1025) } }), /modelCard: creator is "1025 characters", expected 1 to 1,024 characters/],
    ['an image without a tag', () => ({ servingImage: ServingImage.fromUri('registry.example/server') }), /uri is "registry.example\/server", expected registry\/repository:tag/],
    ['no content type', () => ({ servingImage: ServingImage.fromUri('r/s:1', { contentTypes: [] }) }), /contentTypes is "an empty list"/],
    ['a response that is no MIME type', () => ({ servingImage: ServingImage.fromUri('r/s:1', { responseTypes: ['json'] }) }), /responseTypes is "json"/],
    ['too many variables', () => ({ servingImage: ServingImage.fromUri('r/s:1', { environment: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`V${String(index)}`, ''])) }) }), /environment is "17 variables", expected "?at most 16/],
    ['a long variable', () => ({ servingImage: ServingImage.fromUri('r/s:1', { environment: { A: 'x'.repeat(1025) } }) }), /environment\.A is "1025 characters"/],
  ])('refuses %s', (_, options, message) => {
    expect(() => declared(options())).toThrow(message);
  });
});
