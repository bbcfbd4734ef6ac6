# What composes on AWS, `compose` and `continue`, as one image: for a network that no zip may hold. docs/operating.md, "A model larger than a zip", deploys it.
#   docker buildx build -f infra/container/lambda.Dockerfile --platform linux/arm64 --provenance=false --sbom=false -t pianola-lambda .
#   … --build-context model=docker-image://pianola-model:1        other weights, as infra/container/Dockerfile makes them
# Nothing is run for another machine's architecture: an image for arm64 is made on x86-64 without emulation.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
# Amazon Linux 2023 with Node, Lambda's runtime and what the ONNX runtime is linked to: glibc 2.28 and libstdc++ of GCC 6 (GLIBCXX_3.4.22), or newer.
ARG LAMBDA_IMAGE=public.ecr.aws/lambda/nodejs:24

FROM scratch AS model
COPY model/model.json model/pianola.onnx model/originality.json model/intervals.bin /model/

# As serverless-esbuild would put it into compose.zip and continue.zip: options as `custom.esbuild` in serverless.yml, files as `package.patterns`.
FROM --platform=$BUILDPLATFORM ${NODE_IMAGE} AS bundle
ARG TARGETARCH
WORKDIR /opt/pianola
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev
COPY tsconfig.json ./
COPY src src
RUN node_modules/.bin/esbuild src/lambda/prepare.ts src/lambda/continue.ts --outbase=. --outdir=/task \
      --bundle --minify --keep-names --target=node22 --platform=node --format=cjs --external:onnxruntime-node --log-override:empty-import-meta=silent \
    && case "$TARGETARCH" in amd64) arch=x64 ;; *) arch="$TARGETARCH" ;; esac \
    && for path in src/engraving/engrave.mjs \
         node_modules/onnxruntime-node/package.json node_modules/onnxruntime-node/dist "node_modules/onnxruntime-node/bin/napi-v6/linux/$arch" \
         node_modules/onnxruntime-common/package.json node_modules/onnxruntime-common/dist/cjs \
         node_modules/verovio/package.json node_modules/verovio/dist/verovio.mjs node_modules/verovio/dist/verovio-module.mjs; \
       do mkdir -p "/task/$(dirname "$path")" && cp -r "$path" "/task/$path" || exit 1; done \
    && find /task/node_modules \( -name '*.map' -o -name '*.d.ts' \) -delete \
    && chmod -R a+rX /task

FROM ${LAMBDA_IMAGE} AS lambda
# LAMBDA_TASK_ROOT of AWS's image.
WORKDIR /var/task
COPY --from=bundle /task/ ./
COPY --from=model /model/ model/
# `continue` says its own handler: infra/composers.cjs.
CMD ["src/lambda/prepare.handler"]
