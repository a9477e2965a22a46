/** A message as SNS takes it. */
export interface Message {
  readonly subject: string;
  readonly text: string;
  /** String attributes, for subscriptions that filter. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** SNS refuses longer subjects, other characters than ASCII, and line breaks. */
const subjectLength = 100;

/** A text as a subject that SNS takes. */
export function subject(text: string): string {
  const ascii = text.normalize('NFKD').replace(/\s+/g, ' ').replace(/[^\x20-\x7e]/g, '').trim();
  return ascii.length <= subjectLength ? ascii : `${ascii.slice(0, subjectLength - 3)}...`;
}

/** A figure, rounded to what a person reads. */
export function figure(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 10_000) / 10_000) : 'not defined';
}

/** The execution's page in the console. */
export function executionLink(executionArn: string): string {
  return `${consoleOf(executionArn)}/states/home?region=${regionOf(executionArn)}#/v2/executions/details/${executionArn}`;
}

/** An object's page in the console. @param arn any ARN of the same partition and region */
export function objectLink(arn: string, { bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return `${consoleOf(arn)}/s3/object/${bucket}?region=${regionOf(arn)}&prefix=${encodeURIComponent(key)}`;
}

/** The region of an ARN. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

function consoleOf(arn: string): string {
  const domain = arn.startsWith('arn:aws-cn:') ? 'console.amazonaws.cn' : arn.startsWith('arn:aws-us-gov:') ? 'console.amazonaws-us-gov.com' : 'console.aws.amazon.com';
  return `https://${regionOf(arn)}.${domain}`;
}
