/** `play`: what pages ask of visitors' music: a ticket, a look, a file, to keep it, to forget it. No music passes through here. */
import { randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { bounded } from '../adapters/aws/bounded.ts';
import { s3Blobs } from '../adapters/aws/s3-blobs.ts';
import { formFor } from '../adapters/aws/s3-form.ts';
import { ASKED, answerAsked, MOST_JSON } from '../adapters/net/asked.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { visits } from '../continue/visits.ts';
import { MAX_BYTES } from '../music/midi/limits.ts';
import { logFault } from './shared/observe.ts';
import { once, variable } from './shared/variables.ts';

const continuing = once(() => {
  const uploads = { client: new S3Client(bounded()), bucket: variable('UPLOADS_BUCKET') };
  return visits({
    place: s3Blobs(uploads),
    clock: systemClock,
    newId: () => randomBytes(16).toString('hex'),
    form: (name, forMs) => formFor(uploads, name, { mostBytes: MAX_BYTES, forMs, type: 'audio/midi' }),
  });
});

export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { headers, rawPath, requestContext, body = '', isBase64Encoded } = event;
  try {
    const answer = await answerAsked(
      {
        method: requestContext.http.method,
        path: rawPath.slice(rawPath.indexOf(ASKED) + ASKED.length),
        contentType: headers['content-type'],
        // A browser cannot lie about it; whoever else comes is held by the gateway's rate and by the queue.
        isOwn: variable('ALLOWED_ORIGINS')
          .split(' ')
          .includes(headers.origin ?? ''),
        from: '',
        text: async () => {
          const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
          return text.length <= MOST_JSON ? text : null;
        },
      },
      continuing(),
    );
    const isText = typeof answer.body === 'string';
    return {
      statusCode: answer.status,
      headers: { ...answer.headers },
      body: isText ? String(answer.body) : Buffer.from(answer.body as Uint8Array).toString('base64'),
      isBase64Encoded: !isText,
    };
  } catch (error) {
    logFault('play.failed', error);
    throw error;
  }
}
