import path from 'node:path';
import { Size, Stack } from 'aws-cdk-lib';
import { AcceleratorName, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { EndpointUpdate, Gpu, GpuCapacity, ImageRepository, InferenceApi, ModelPlatform, ModelRegistry, PlatformStack, ServingNetwork, ServingStack } from '../../../lib/index.ts';
import type { InferenceApiOptions } from '../../../lib/index.ts';
import { optionalProps } from '../public-api.ts';
import * as alarms from './alarm-cases.ts';
import * as apis from './api-cases.ts';
import * as background from './async-cases.ts';
import { testEachProp } from './cases.ts';
import type { Construct, PropCases } from './cases.ts';
import * as constructs from './construct-cases.ts';
import * as endpoints from './endpoint-cases.ts';
import { constructPipeline, pipelineCases } from './pipeline-cases.ts';
import * as services from './service-cases.ts';
import * as rollouts from './rollout-cases.ts';
import * as values from './value-cases.ts';

const env = { region: 'us-east-1' };
const platformBeside = (stack: Stack) => new ModelPlatform(new Stack(stack.node.root, 'Ground', { env }), 'Platform');

/** The props that have a case, as `Interface.prop`. */
const covered = new Set<string>();

/** Tests a table, and remembers which interfaces' props it has. */
function everyProp<Props, Left = never>(interfaces: string, cases: PropCases<Props, Left>, construct: Construct<Props>): void {
  testEachProp(interfaces, cases, construct);
  for (const name of interfaces.split(' ')) for (const prop of Object.keys(cases)) covered.add(`${name}.${prop}`);
}

everyProp('TrainingPipelineOptions DataOptions EvaluationOptions RegistrationOptions ReleaseOptions TrainingJobOptions TuningPipelineOptions', pipelineCases, (stack, props) => {
  constructPipeline(stack, props);
});
everyProp('ModelPlatformProps', constructs.platformCases, constructs.constructPlatform);
everyProp('ModelRegistryProps', constructs.registryCases, (stack, props) => {
  new ModelRegistry(stack, 'Registry', props);
});
everyProp('ImageRepositoryProps', constructs.imageRepositoryCases, (stack, props) => {
  new ImageRepository(stack, 'Images', props);
});
const constructApi = (stack: Stack, options: InferenceApiOptions) => new InferenceApi(stack, 'Api', { ...options, platform: platformBeside(stack) });
everyProp('InferenceApiOptions', apis.inferenceApiCases, constructApi);
everyProp('ServingAlarmsOptions ServingAlarmsProps', alarms.alarmsCases, (stack, options) => { constructApi(stack, { alarms: options }); });
everyProp('ServingAlarmOptions LatencyAlarmOptions', alarms.latencyAlarmCases, (stack, latency) => { constructApi(stack, { alarms: { latency } }); });
everyProp('ErrorRateAlarmOptions', alarms.errorRateAlarmCases, (stack, errorRate) => { constructApi(stack, { alarms: { errorRate } }); });
everyProp('ServingAlarmsProps', alarms.ownAlarmsCases, alarms.constructAlarms);
everyProp('AsyncInferenceOptions', background.asyncCases, background.constructAsync);
everyProp('ApiDomainOptions', apis.domainCases, apis.constructDomain);
everyProp('ApiCorsOptions', apis.corsCases, apis.constructCors);
everyProp('UsagePlanOptions', apis.usagePlanCases, apis.constructUsagePlan);
everyProp('ProvisionedConcurrencyOptions', apis.provisionedCases, apis.constructProvisioned);
everyProp('ProvisionedConcurrencyChange', apis.changeCases, apis.constructChange);
everyProp('CodeDeploymentOptions', apis.deploymentCases, apis.constructDeployment);
everyProp('FunctionUrlFrontDoorOptions', apis.urlCases, apis.constructUrl);
everyProp('RestApiFrontDoorOptions', apis.restCases, apis.constructRest);
everyProp('JwtAuthorizationProps', apis.jwtCases, apis.constructJwt);
everyProp('ApiKeyAuthorizationOptions', apis.keyCases, apis.constructKeys);
everyProp('InferenceImageOptions', apis.imageCases, apis.constructImage);
everyProp('ServingMetricsProps', alarms.metricsCases, alarms.constructMetrics);
everyProp('ContainerServiceOptions InferenceServiceOptions', services.inferenceServiceCases, services.constructInferenceService);
everyProp('ContainerServiceOptions GpuServiceOptions', services.gpuServiceCases, services.constructGpuService);
everyProp('GpuOptions', services.gpuCases, (stack, options) => { services.constructGpuService(stack, { gpu: Gpu.memory(Size.gibibytes(16), options) }); });
everyProp('GpuOptions', services.gpuCases, (stack, options) => { services.constructGpuService(stack, { gpu: Gpu.type(AcceleratorName.T4, options) }); });
everyProp('ManagedGpuCapacityProps', services.managedCapacityCases, (stack, props) => { services.constructGpuService(stack, { capacity: GpuCapacity.managedInstances(props) }); });
everyProp('GpuGroupCapacityProps', services.groupCapacityCases, (stack, props) => {
  services.constructGpuService(stack, { capacity: GpuCapacity.autoScalingGroup({ instanceType: new InstanceType('g6.xlarge'), ...props }) });
});
everyProp('QueueDepthScalingProps', services.queueScalingCases, (stack, props) => { services.constructGpuService(stack, { scaling: [services.queueScaling(stack, props)] }); });
everyProp('ScheduleScalingProps', services.clockScalingCases, (stack, props) => { services.constructGpuService(stack, { scaling: [services.clockScaling(props)] }); });
everyProp('InferenceEndpointOptions', endpoints.endpointCases, endpoints.constructEndpoint);
everyProp('EndpointInstanceOptions', endpoints.instanceCases, endpoints.constructInstances);
everyProp('EndpointServerlessOptions', endpoints.serverlessCases, endpoints.constructServerless);
everyProp('EndpointUpdateOptions', endpoints.updateCases, endpoints.constructUpdate(EndpointUpdate.allAtOnce));
everyProp('EndpointStepOptions', endpoints.stepCases, endpoints.constructUpdate((options) => EndpointUpdate.canary(10, options)));
everyProp('EndpointStepOptions', endpoints.stepCases, endpoints.constructUpdate((options) => EndpointUpdate.linear(50, options)));
everyProp('EndpointRollingOptions', endpoints.rollingCases, endpoints.constructUpdate((options) => EndpointUpdate.rolling(50, options)));
everyProp('EndpointScalingOptions', endpoints.scalingCases, endpoints.constructScaling);
everyProp('DataCaptureOptions', endpoints.captureCases, endpoints.constructCapture);
everyProp('EndpointScheduleOptions', endpoints.scheduleCases, endpoints.constructSchedule);
everyProp('ServingNetworkProps', services.networkCases, (stack, props) => {
  new ServingNetwork(stack, 'Network', props);
});
everyProp('TargetRolloutProps', rollouts.rolloutCases, rollouts.constructRollout);
everyProp('DeploymentDriver', rollouts.driverCases, rollouts.constructDriver);
everyProp('FeatureGroupOptions', constructs.featureGroupCases, constructs.constructFeatureGroup);
everyProp('PlatformStackProps', constructs.platformStackCases, (stack, props) => new PlatformStack(stack.node.root, 'platform', { env, ...props }));
everyProp('ServingStackProps', constructs.servingStackCases, (stack, props) => new ServingStack(stack.node.root, 'serving', { env, platform: platformBeside(stack), ...props }));

everyProp('XGBoostProps', values.xgboostCases, values.constructXgboost);
everyProp('ContainerProps', values.containerCases, values.constructContainer);
everyProp('FrameworkProps', values.frameworkCases, values.constructFramework);
everyProp('TrainingFrameworkOptions', values.frameworkImageCases, values.constructFrameworkImage);
everyProp('EcrImageOptions', values.ecrImageCases, values.constructEcrImage);
everyProp('AssetImageOptions', values.assetImageCases, values.constructAssetImage);
everyProp('TuningProps TuningOptions', values.tuningCases, values.constructTuning);
everyProp('TuningProps', values.tuningCases, values.constructBayesian);
everyProp('HyperbandTuningProps TuningOptions', values.hyperbandCases, values.constructHyperband);
everyProp('ManualApprovalOptions', values.approvalCases, values.constructApproval);
everyProp('SliceGateOptions', values.sliceGateCases, values.constructSliceGate);
everyProp('ChampionGateOptions', values.championGateCases, values.constructChampionGate);
everyProp('SplitShares', values.splitCases, values.constructSplit);
everyProp('ModelCardOptions', values.modelCardCases, values.constructModelCard);
everyProp('ServingImageOptions', values.servingImageCases, values.constructServingImage);
everyProp('ServingAssetOptions', values.servingAssetCases, values.constructServingAsset);
everyProp('ModelServerImageOptions', values.modelServerImageCases, values.constructModelServerImage);
everyProp('ColumnOptions', values.columnCases, values.constructColumn);
everyProp('NumericColumnOptions', values.numericColumnCases, values.constructNumericColumn);
everyProp('StringColumnOptions', values.stringColumnCases, values.constructStringColumn);
everyProp('DatasetProps', values.datasetCases, values.constructDataset);
everyProp('RowsCheckOptions', values.rowsCheckCases, values.constructRowsCheck);
everyProp('NullsCheckOptions', values.nullsCheckCases, values.constructNullsCheck);
everyProp('DuplicatesCheckOptions', values.duplicatesCheckCases, values.constructDuplicatesCheck);
everyProp('MissingLabelsCheckOptions', values.missingLabelsCheckCases, values.constructMissingLabelsCheck);
everyProp('ClassBalanceCheckOptions', values.classBalanceCheckCases, values.constructClassBalanceCheck);
everyProp('ClassRowsCheckOptions', values.classRowsCheckCases, values.constructClassRowsCheck);
everyProp('LeakageCheckOptions', values.leakageCheckCases, values.constructLeakageCheck);
everyProp('DriftCheckOptions', values.driftCheckCases, values.constructDriftCheck);
for (const [check, construct] of Object.entries(values.columnChecks)) everyProp('ColumnCheckOptions', values.columnCheckCases(check), construct);

describe('the public API', () => {
  /** What algorithms tell pipelines: no input of the user's. */
  const results = ['AlgorithmConfig'];
  /** What is always refused, with its test beside the other refusals. */
  const refused = ['InferenceServiceOptions.gpu'];

  it('has no optional prop without a case', () => {
    const props = optionalProps(path.join(import.meta.dirname, '..', '..', '..', 'lib', 'index.ts'));
    expect(props.length).toBeGreaterThan(100);
    expect(props.filter((prop) => !results.includes(prop.split('.')[0]!) && !covered.has(prop) && !refused.includes(prop))).toEqual([]);
  });
});
