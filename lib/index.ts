export { DataCheck } from '../model/spec/check.ts';
export type {
  ClassBalanceCheckOptions,
  ClassRowsCheckOptions,
  ColumnCheckOptions,
  DriftCheckOptions,
  DuplicatesCheckOptions,
  LeakageCheckOptions,
  MissingLabelsCheckOptions,
  NullsCheckOptions,
  RowsCheckOptions,
} from '../model/spec/check.ts';
export { Column, Dataset, Label } from '../model/spec/dataset.ts';
export type { ColumnOptions, DatasetProps, NumericColumnOptions, StringColumnOptions } from '../model/spec/dataset.ts';
export { DeclarationError } from '../model/spec/errors.ts';
export { Feature } from '../model/spec/feature.ts';
export { Gate, GateMetric } from '../model/spec/gate.ts';
export type { ChampionGateOptions, SliceGateOptions } from '../model/spec/gate.ts';
export { RiskRating } from '../model/spec/model-card.ts';
export type { ModelCardOptions } from '../model/spec/model-card.ts';
export { Split } from '../model/spec/split.ts';
export type { SplitShares } from '../model/spec/split.ts';
export { ConfigurationError } from './errors.ts';
export type { LaptopProgram } from './laptop-program.ts';
export { Approval } from './pipeline/approval.ts';
export type { ManualApprovalOptions } from './pipeline/approval.ts';
export type { DataOptions } from './pipeline/data-options.ts';
export type { EvaluationOptions } from './pipeline/evaluation-options.ts';
export type { RegistrationOptions } from './pipeline/registration-options.ts';
export type { ReleaseOptions } from './pipeline/release-options.ts';
export type { MetricDefinition, TrainingJobOptions } from './pipeline/training-job-options.ts';
export { TrainingPipeline } from './pipeline/training-pipeline.ts';
export type { TrainingPipelineOptions, TrainingPipelineProps } from './pipeline/training-pipeline-props.ts';
export type { TuningPipelineOptions } from './pipeline/tuning-options.ts';
export { ModelPlatform } from './platform/model-platform.ts';
export type { IModelPlatform } from './platform/model-platform.ts';
export type { ModelPlatformProps } from './platform/model-platform-props.ts';
export { FeatureGroup } from './registry/feature-group.ts';
export type { FeatureGroupProps } from './registry/feature-group.ts';
export type { FeatureGroupOptions } from './registry/feature-group-options.ts';
export { ImageRepository } from './registry/image-repository.ts';
export type { ImageRepositoryProps } from './registry/image-repository-props.ts';
export { ModelRegistry } from './registry/model-registry.ts';
export type { IModelRegistry, ModelRegistryProps } from './registry/model-registry.ts';
export { ServingImage } from './registry/serving-image.ts';
export type { ModelServerImageOptions, ServingAssetOptions, ServingImageOptions } from './registry/serving-image-options.ts';
export { ApiAuthorization } from './serving/api-authorization.ts';
export type { ApiKeyAuthorizationOptions, JwtAuthorizationProps } from './serving/api-authorization.ts';
export { ApiFrontDoor } from './serving/api-front-door.ts';
export type { FunctionUrlFrontDoorOptions, RestApiFrontDoorOptions } from './serving/api-front-door.ts';
export type { ApiCorsOptions, ApiDomainOptions, CodeDeploymentOptions, ProvisionedConcurrencyChange, ProvisionedConcurrencyOptions, UsagePlanOptions } from './serving/api-options.ts';
export { AsyncInference } from './serving/async-inference.ts';
export type { AsyncInferenceOptions, AsyncInferenceProps } from './serving/async-inference-props.ts';
export type { ContainerServiceOptions } from './serving/container-service-options.ts';
export { EndpointUpdate } from './serving/endpoint-update.ts';
export type { EndpointRollingOptions, EndpointStepOptions, EndpointUpdateOptions } from './serving/endpoint-update.ts';
export { EndpointVariant } from './serving/endpoint-variant.ts';
export type { EndpointInstanceOptions, EndpointServerlessOptions } from './serving/endpoint-variant.ts';
export { Gpu } from './serving/gpu.ts';
export type { GpuOptions } from './serving/gpu.ts';
export { GpuCapacity } from './serving/gpu-capacity.ts';
export type { GpuGroupCapacityProps, ManagedGpuCapacityProps } from './serving/gpu-capacity-props.ts';
export { GpuScaling } from './serving/gpu-scaling.ts';
export type { QueueDepthScalingProps, ScheduleScalingProps } from './serving/gpu-scaling-props.ts';
export { GpuService } from './serving/gpu-service.ts';
export type { GpuServiceOptions, GpuServiceProps } from './serving/gpu-service-props.ts';
export { InferenceApi } from './serving/inference-api.ts';
export type { InferenceApiOptions, InferenceApiProps } from './serving/inference-api-props.ts';
export { InferenceCode } from './serving/inference-code.ts';
export type { InferenceImageOptions } from './serving/inference-code.ts';
export { InferenceEndpoint } from './serving/inference-endpoint.ts';
export type { DataCaptureOptions, EndpointScalingOptions, EndpointScheduleOptions, InferenceEndpointOptions, InferenceEndpointProps } from './serving/inference-endpoint-props.ts';
export { InferenceService } from './serving/inference-service.ts';
export type { InferenceServiceOptions, InferenceServiceProps } from './serving/inference-service-props.ts';
export { ServingAlarms } from './serving/serving-alarms.ts';
export type { ErrorRateAlarmOptions, LatencyAlarmOptions, ServingAlarmOptions, ServingAlarmsOptions, ServingAlarmsProps } from './serving/serving-alarms-props.ts';
export { ServingMetrics } from './serving/serving-metrics.ts';
export type { ServingMetricsProps } from './serving/serving-metrics.ts';
export { ServingNetwork } from './serving/serving-network.ts';
export type { ServingNetworkProps } from './serving/serving-network-props.ts';
export { Rollout } from './serving/rollout.ts';
export type { CanaryRolloutProps, LinearRolloutProps } from './serving/rollout.ts';
export type { DeploymentRecordLocation, IPredictionService, IServingTarget, ITargetRollout } from './serving/serving-target.ts';
export { TargetRollout } from './serving/target-rollout.ts';
export type { DeploymentDriver, TargetRolloutProps } from './serving/target-rollout-props.ts';
export { PipelineStack } from './stacks/pipeline-stack.ts';
export type { PipelineStackProps } from './stacks/pipeline-stack.ts';
export { PlatformStack } from './stacks/platform-stack.ts';
export type { PlatformStackProps } from './stacks/platform-stack.ts';
export { ServingStack } from './stacks/serving-stack.ts';
export type { ServingStackProps } from './stacks/serving-stack.ts';
export { TargetSpec } from './stacks/target-spec.ts';
export { Algorithm } from './training/algorithm.ts';
export type { AlgorithmConfig, S3ObjectLocation } from './training/algorithm-config.ts';
export { ChannelFormat } from './training/channel-format.ts';
export type { ContainerProps } from './training/container-props.ts';
export type { FrameworkProps } from './training/framework-props.ts';
export { DataDistribution } from './training/data-distribution.ts';
export { TrainingFramework } from './training/training-framework.ts';
export type { TrainingFrameworkOptions } from './training/training-framework.ts';
export { TrainingImage } from './training/training-image.ts';
export type { AssetImageOptions, EcrImageOptions } from './training/training-image.ts';
export { Tuning } from './training/tuning.ts';
export { TuningObjective } from './training/tuning-objective.ts';
export type { HyperbandTuningProps, TuningOptions, TuningProps } from './training/tuning-props.ts';
export { TuningRange } from './training/tuning-range.ts';
export type { XGBoostProps } from './training/xgboost-props.ts';
