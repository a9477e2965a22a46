const trainingJobNameMaxLength = 63;
const hashLength = 8;

/** What tells the attempts of a run apart, as JSONata: not how often Step Functions has made the call again, since a call whose answer was lost may have made the job. */
export const attempt = {
  /** How often a person has redriven the run. */
  redrive: '[$states.context.Execution.RedriveCount, 0][0]',
  /** Which of its instances a job with fallbacks is to run on. */
  instance: "('f' & $instance)",
};

/**
 * A job's name, from the run's name and the attempt: the same attempt has the same name, another attempt another one. What a
 * job's name may not hold becomes `-`; a name changed by that or cut ends in a hash of the run's name, so that two runs never share it.
 */
export function jobName(prefix: string, maxLength: number, attempts: readonly string[]): string {
  const longest = maxLength - prefix.length - 1;
  const cut = longest - hashLength - 1;
  const steps = [
    `$run := $states.context.Execution.Name`,
    `$attempt := '-' & ${attempts.join(` & '-' & `)}`,
    `$clean := $replace($replace($run, /[^a-zA-Z0-9-]/, '-'), /-+$/, '')`,
    `$fits := $clean = $run and $length($clean & $attempt) <= ${String(longest)}`,
    `$hashed := $substring($clean, 0, ${String(cut)} - $length($attempt)) & '-' & $substring($hash($run, 'SHA-256'), 0, ${String(hashLength)})`,
    `'${prefix}-' & ($fits ? $clean : $hashed) & $attempt`,
  ];
  // On one line: asl-validator takes no expression that holds a line break.
  return `{% (${steps.join('; ')}) %}`;
}

/** The name of a training job. A call that is made again names the same job: it may have made it. */
export function trainingJobName(prefix: string, hasFallbacks: boolean): string {
  return jobName(prefix, trainingJobNameMaxLength, [attempt.redrive, ...(hasFallbacks ? [attempt.instance] : [])]);
}
