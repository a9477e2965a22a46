declare module 'asl-validator' {
  /** Checks a definition in Amazon States Language; it writes into what it checks. */
  export default function validator(
    definition: object,
    options?: { readonly checkPaths?: boolean; readonly checkArn?: boolean },
  ): { readonly isValid: boolean; readonly errors: readonly { readonly 'Error code': string; readonly Message?: string }[] };
}
