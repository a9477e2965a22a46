import { PublishCommand } from '@aws-sdk/client-sns';
import { sns } from './clients/sns.ts';
import type { Message } from './message.ts';

/** Sends a message to a topic. */
export async function publish(topicArn: string, message: Message): Promise<void> {
  await sns.send(new PublishCommand({
    TopicArn: topicArn,
    Subject: message.subject,
    Message: message.text,
    MessageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
  }));
}
