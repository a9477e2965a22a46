import { DeclarationError } from './errors.ts';

/** How much harm a wrong prediction can do, as SageMaker's model cards rate it. */
export class RiskRating {
  /** A wrong prediction can do great harm. */
  static readonly HIGH = new RiskRating('High');
  /** A wrong prediction can do some harm. */
  static readonly MEDIUM = new RiskRating('Medium');
  /** A wrong prediction does little harm. */
  static readonly LOW = new RiskRating('Low');

  /** The rating as a model card has it. */
  readonly value: string;

  private constructor(value: string) {
    this.value = value;
  }
}

/** What only people know of a model. All else in its card (data, training, evaluation) is written by the run. */
export interface ModelCardOptions {
  /** Why the model exists, up to 2,048 characters. @default - not said */
  readonly purpose?: string;
  /** What it may be used for, up to 2,048 characters. @default - not said */
  readonly intendedUses?: string;
  /** Where it works less well, up to 2,048 characters. @default - not said */
  readonly limitations?: string;
  /** How much harm a wrong prediction can do. @default - not rated */
  readonly riskRating?: RiskRating;
  /** Why it is rated so, up to 2,048 characters. @default - not said */
  readonly riskExplanation?: string;
  /** The problem of the business that it solves, up to 2,048 characters. @default - not said */
  readonly businessProblem?: string;
  /** Whom it concerns, up to 2,048 characters. @default - not said */
  readonly businessStakeholders?: string;
  /** The line of business, up to 2,048 characters. @default - not said */
  readonly lineOfBusiness?: string;
  /** What to think of before people are judged by it, up to 2,048 characters. @default - not said */
  readonly ethicalConsiderations?: string;
  /** What to mind when it is used, up to 2,048 characters. @default - not said */
  readonly caveats?: string;
  /** Who made the model, up to 1,024 characters. @default - not said */
  readonly creator?: string;
}

/** A model card's own words as JSON, in the sections that SageMaker's schema has. */
export interface ModelCardSpec {
  readonly creator?: string;
  readonly intendedUses?: Readonly<Record<string, string>>;
  readonly businessDetails?: Readonly<Record<string, string>>;
  readonly additionalInformation?: Readonly<Record<string, string>>;
}

/** SageMaker's bounds on the texts of a card, in characters. */
const longestCreator = 1024;
const longestText = 2048;

/**
 * What is wrong with a card's words: those that SageMaker would refuse when the model is registered, after its training.
 * @returns an error for each text that is too long or empty
 */
export function checkModelCard(card: ModelCardOptions): DeclarationError[] {
  return Object.entries(card).flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    const longest = name === 'creator' ? longestCreator : longestText;
    const characters = [...value].length;
    if (characters > 0 && characters <= longest) return [];
    return [new DeclarationError('modelCard', name, `${String(characters)} characters`, `1 to ${longest.toLocaleString('en-US')} characters`)];
  });
}

/** The card's words in SageMaker's sections. */
export function modelCardSpec(card: ModelCardOptions): ModelCardSpec {
  const intendedUses = present({
    purpose_of_model: card.purpose,
    intended_uses: card.intendedUses,
    factors_affecting_model_efficiency: card.limitations,
    risk_rating: card.riskRating?.value,
    explanations_for_risk_rating: card.riskExplanation,
  });
  const businessDetails = present({
    business_problem: card.businessProblem,
    business_stakeholders: card.businessStakeholders,
    line_of_business: card.lineOfBusiness,
  });
  const additionalInformation = present({
    ethical_considerations: card.ethicalConsiderations,
    caveats_and_recommendations: card.caveats,
  });
  return {
    ...(card.creator === undefined ? {} : { creator: card.creator }),
    ...(intendedUses === undefined ? {} : { intendedUses }),
    ...(businessDetails === undefined ? {} : { businessDetails }),
    ...(additionalInformation === undefined ? {} : { additionalInformation }),
  };
}

/** The entries that have a value; nothing where none has. */
function present(entries: Readonly<Record<string, string | undefined>>): Record<string, string> | undefined {
  const found = Object.entries(entries).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
