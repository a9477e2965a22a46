/** Something that the person at the laptop can mend: its message says how, and needs no stack. */
export class LaptopError extends Error {
  override readonly name: string = 'LaptopError';
}

/** An error as an AWS service answers it. */
export class AwsError extends Error {
  readonly code: string;
  readonly statusCode: number;
  readonly fields: Record<string, unknown>;

  /**
   * @param code the error code that SDKs see as the exception's name, such as `NoSuchKey`
   * @param message what is wrong, for a person
   * @param statusCode the HTTP status
   * @param fields further members of the modelled error's shape
   */
  constructor(code: string, message: string, statusCode = 400, fields: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.statusCode = statusCode;
    this.fields = fields;
  }
}

/** The operation exists on AWS but the laptop does not serve it. */
export function notImplemented(service: string, operation: string): AwsError {
  return new AwsError('NotImplemented', `${service}:${operation} is not served on the laptop.`, 501);
}
