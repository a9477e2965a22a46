export { startLaptop, type Laptop, type LaptopOptions } from './laptop.ts';
export type { DeploySummary } from './assembly/deploy.ts';
export { LaptopError } from './core/errors.ts';
export type { Clock, Credentials, ImageProgram } from './core/context.ts';
export type { LaptopEvent } from './core/events.ts';
export { StateDirectoryBusyError } from './store/sqlite.ts';
