/** A file that cannot be read as a table at all; the message is a reason for people. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}
