import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { IModelPlatform } from '../platform/model-platform.ts';
import { InferenceApi } from '../serving/inference-api.ts';
import type { InferenceApiOptions } from '../serving/inference-api-props.ts';

/** What a `ServingStack` is made of. */
export interface ServingStackProps extends StackProps {
  /** Where models and deployment records lie. */
  readonly platform: IModelPlatform;

  /**
   * The prediction API.
   * @default - the defaults of InferenceApi, with the target name `staging`
   */
  readonly api?: InferenceApiOptions;

  /**
   * A second prediction API, for the users, beside which `api` is staging: the pipeline's `productionTarget`.
   * @default - none: `api` is what users are served by
   */
  readonly production?: InferenceApiOptions;
}

/** What answers with predictions: deployed after the platform, before the pipeline, which tests it. */
export class ServingStack extends Stack {
  /** The prediction API. */
  readonly api: InferenceApi;
  /** The prediction API of production; undefined where `production` is not set. */
  readonly production?: InferenceApi;

  constructor(scope: Construct, id: string, props: ServingStackProps) {
    super(scope, id, props);
    this.api = new InferenceApi(this, 'Staging', { ...props.api, platform: props.platform });
    new CfnOutput(this, 'ApiUrl', { value: this.api.url, description: 'The base URL of the prediction API.' });
    const { httpApi, restApi } = this.api;
    const apiId = httpApi?.apiId ?? restApi?.restApiId;
    if (apiId !== undefined) new CfnOutput(this, 'ApiId', { value: apiId, description: 'The id of the HTTP API or REST API.' });
    new CfnOutput(this, 'DeploymentRecordKey', { value: this.api.record.key, description: 'The object in the artifact bucket that names the served model.' });
    new CfnOutput(this, 'StagingTarget', { value: this.api.rollout.reference, description: 'What the command line needs to deploy to it.' });
    if (props.production === undefined) return;
    this.production = new InferenceApi(this, 'Production', { ...props.production, platform: props.platform });
    new CfnOutput(this, 'ProductionApiUrl', { value: this.production.url, description: 'The base URL of the prediction API of production.' });
    new CfnOutput(this, 'ProductionDeploymentRecordKey', { value: this.production.record.key, description: 'The object in the artifact bucket that names the model that production serves.' });
    new CfnOutput(this, 'ProductionTarget', { value: this.production.rollout.reference, description: 'What the command line needs to deploy to it.' });
  }
}
