/** A pair of a load balancer's or a target group's attributes. */
export interface Attribute {
  readonly Key: string;
  readonly Value: string;
}

/** The properties of AWS::ElasticLoadBalancingV2::TargetGroup that act here. */
export interface TargetGroupProperties {
  readonly Name?: string;
  readonly Port?: number | string;
  readonly Protocol?: string;
  readonly TargetType?: string;
  readonly Targets?: readonly { readonly Id: string; readonly Port?: number | string }[];
  readonly HealthCheckEnabled?: boolean | string;
  readonly HealthCheckPath?: string;
  readonly HealthCheckIntervalSeconds?: number | string;
  readonly HealthCheckTimeoutSeconds?: number | string;
  readonly HealthyThresholdCount?: number | string;
  readonly UnhealthyThresholdCount?: number | string;
  readonly Matcher?: { readonly HttpCode?: string };
  readonly TargetGroupAttributes?: readonly Attribute[];
}

/** What a listener or one of its rules does with a request. */
export interface Action {
  readonly Type: string;
  readonly Order?: number;
  readonly TargetGroupArn?: string;
  readonly ForwardConfig?: { readonly TargetGroups?: readonly { readonly TargetGroupArn: string; readonly Weight?: number | string }[] };
  readonly FixedResponseConfig?: { readonly StatusCode: string; readonly ContentType?: string; readonly MessageBody?: string };
  readonly RedirectConfig?: { readonly StatusCode: string; readonly Protocol?: string; readonly Host?: string; readonly Port?: string; readonly Path?: string; readonly Query?: string };
}

/** When a rule applies. */
export interface Condition {
  readonly Field?: string;
  readonly Values?: readonly string[];
  readonly PathPatternConfig?: { readonly Values?: readonly string[] };
  readonly HostHeaderConfig?: { readonly Values?: readonly string[] };
  readonly HttpHeaderConfig?: { readonly HttpHeaderName?: string; readonly Values?: readonly string[] };
  readonly HttpRequestMethodConfig?: { readonly Values?: readonly string[] };
  readonly QueryStringConfig?: { readonly Values?: readonly { readonly Key?: string; readonly Value?: string }[] };
  readonly SourceIpConfig?: { readonly Values?: readonly string[] };
}

/** The properties of AWS::ElasticLoadBalancingV2::Listener that act here. */
export interface ListenerProperties {
  readonly LoadBalancerArn: string;
  readonly Port?: number | string;
  readonly Protocol?: string;
  readonly DefaultActions: readonly Action[];
}

/** The properties of AWS::ElasticLoadBalancingV2::ListenerRule. */
export interface RuleProperties {
  readonly ListenerArn: string;
  readonly Priority: number | string;
  readonly Conditions: readonly Condition[];
  readonly Actions: readonly Action[];
}

/** An attribute's value, unless it is not given. */
export function attributeOf(attributes: readonly Attribute[] | undefined, key: string): string | undefined {
  return attributes?.find(({ Key }) => Key === key)?.Value;
}
