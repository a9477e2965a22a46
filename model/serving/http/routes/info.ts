import { classesOf } from '../../formats/answers.ts';
import type { Call } from '../call.ts';
import { jsonResponse } from '../error.ts';
import type { HttpResponse } from '../message.ts';

/** What is known of the model: where it comes from, what it takes and answers, how good it was found to be. */
export async function info(call: Call): Promise<HttpResponse> {
  const { identity, model, role } = await call.choose();
  const { trainedAt, gitCommit, trainer, rounds, task, objective, features, schema } = model.description;
  const classes = classesOf(model.description);
  return jsonResponse(200, {
    modelName: identity.modelName,
    modelVersion: identity.modelVersion,
    role,
    modelPackageArn: identity.modelPackageArn,
    sha256: identity.sha256,
    trainedAt,
    gitCommit,
    approval: identity.approval === undefined ? undefined : { status: identity.approval },
    trainer,
    rounds,
    task,
    objective,
    input: { columns: model.schema.columns },
    output: { prediction: task === 'multiclass' ? 'class' : 'number', ...(classes.length === 0 ? {} : { classes }), label: schema.label },
    ...(identity.metrics === undefined ? {} : { metrics: identity.metrics }),
    features: features.map(({ name, column, transform }) => ({ name, column, transform })),
  });
}
