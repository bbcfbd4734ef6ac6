// Lambda's side of a Node function, as the Runtime API documents it: load the handler once, then event by event
// "next", handle, "response" or "error". Run in a process of its own.
const { join } = require('node:path');
const base = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

async function main() {
  const [file, name] = process.env._HANDLER.split(/\.(?=[^.]+$)/);
  let handler;
  try {
    handler = require(join(process.env.LAMBDA_TASK_ROOT, `${file}.js`))[name];
  } catch (error) {
    await fetch(`${base}/init/error`, { method: 'POST', body: failure(error) });
    process.exit(1);
  }
  for (;;) {
    const next = await fetch(`${base}/invocation/next`);
    const id = next.headers.get('lambda-runtime-aws-request-id');
    const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
    const event = await next.json();
    const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
    const answer = (path, body) => fetch(`${base}/invocation/${id}/${path}`, { method: 'POST', body });
    try {
      await answer('response', JSON.stringify((await handler(event, context)) ?? null));
    } catch (error) {
      await answer('error', failure(error));
    }
  }
}

const failure = (error) =>
  JSON.stringify({
    errorMessage: String(error?.stack ?? error),
    maxRssMb: process.resourceUsage().maxRSS / 1024,
  });

main();
