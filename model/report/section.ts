import type { ReportInput } from './input.ts';

/** A part of the report under a heading of its own. */
export interface ReportSection {
  /** As a question where that helps a reader, such as `How good is it?`. */
  readonly title: string;
  /** HTML; empty where this report has nothing to say of it, and then the heading is left out as well. */
  body(input: ReportInput): string;
}
