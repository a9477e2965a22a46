import type { Construct } from 'constructs';
import { modelCardSpec } from '../../../model/spec/model-card.ts';
import type { AslValue } from '../../../stepfunctions/training-pipeline.ts';
import type { RegistrationOptions } from '../registration-options.ts';

/** What RegisterModel is told of every model of the pipeline, as JSON. */
export function renderRegistration(scope: Construct, { sourceRevision, modelCard, servingImage }: RegistrationOptions): AslValue {
  return {
    card: modelCardSpec(modelCard ?? {}) as AslValue,
    ...(sourceRevision === undefined ? {} : { revision: sourceRevision }),
    ...(servingImage === undefined ? {} : { serving: servingImage._bind(scope).spec as unknown as AslValue }),
  };
}
