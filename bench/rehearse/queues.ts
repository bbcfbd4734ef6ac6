/** Queues of the stack, in memory: what was sent to each, as its policy lets it in. */
import type { Ledger } from './ledger.ts';
import type { Stack } from './template.ts';

export type Message = { readonly messageId: string; readonly body: string };
export type Queues = {
  /** @param by a role or a service @param arn of the queue @returns why it is refused, or null */
  send(by: string, arn: string, body: string): string | null;
  /** @returns the oldest, which is gone from the queue then; undefined where there is none */
  take(arn: string): Message | undefined;
  /** How many wait, by the queue's logical id. */
  waiting(): Readonly<Record<string, number>>;
};

export function queues(stack: Stack, { ask, touch }: Ledger): Queues {
  const byArn = new Map(
    stack
      .ofType('AWS::SQS::Queue')
      .map(({ id }) => [stack.attribute(id, 'Arn'), { id, messages: [] as Message[] }]),
  );
  let sent = 0;
  return {
    send(by, arn, body) {
      const context = { 'aws:SecureTransport': 'true', 'aws:SourceAccount': stack.place.account };
      const refused = ask(by, { action: 'sqs:SendMessage', resource: arn, context });
      if (refused) return refused;
      const queue = byArn.get(arn);
      if (!queue) return `there is no queue ${arn}`;
      touch(queue.id);
      queue.messages.push({ messageId: `message-${++sent}`, body });
      return null;
    },
    take: (arn) => byArn.get(arn)?.messages.shift(),
    waiting: () => Object.fromEntries([...byArn.values()].map(({ id, messages }) => [id, messages.length])),
  };
}
