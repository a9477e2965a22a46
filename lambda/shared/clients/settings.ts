/** Of every client: a service that cannot be reached, or falls silent, is an error that is tried again, and not the function's own timeout. */
export const clientSettings = { requestHandler: { connectionTimeout: 5_000, socketTimeout: 60_000 } } as const;
