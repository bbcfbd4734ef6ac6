// How the two functions that compose are packaged, for serverless.yml: as zips or, where the parameter `image` names one, from an image
// that holds the network as well (infra/container/lambda.Dockerfile), for networks that no zip may hold.

/** As ECR names it, by what it is and not by a tag, which may be given to another: a deployment and its rollback name the same bytes. */
const BY_DIGEST =
  /^\d{12}\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$/;

/** The framework tells a stack trace where an error has one: here the sentence is all. */
const refused = (message) => Object.assign(new Error(message), { stack: message });

/**
 * What a function's kind of package decides. The kind cannot be changed once a function is there, so that the other kind is a function of
 * another name, which CloudFormation makes before it lets the old one go; nothing in the stack but names depends on which it is.
 */
module.exports = async ({ resolveVariable }) => {
  const image = await resolveVariable('param:image');
  if (image !== '') {
    const [, region] = BY_DIGEST.exec(image) ?? [];
    if (!region)
      throw refused(
        `image is "${image}": give it as ECR names it and by its digest, like 123456789012.dkr.ecr.eu-central-1.amazonaws.com/pianola@sha256:… (docs/operating.md, "A model larger than a zip")`,
      );
    const ours = await resolveVariable('self:provider.region');
    if (region !== ours)
      throw refused(
        `image is of ${region}, and the stack of ${ours}: Lambda takes images of its own Region; push it there`,
      );
  }
  const made = (handler) =>
    image === '' ? { handler, image: null } : { handler: null, image: { uri: image, command: [handler] } };
  return {
    suffix: image === '' ? '' : '-image',
    compose: made('src/lambda/prepare.handler'),
    continue: made('src/lambda/continue.handler'),
  };
};
