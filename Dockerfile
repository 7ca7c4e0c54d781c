# syntax=docker/dockerfile:1

# One image for every command: `serve` (default), `work`, `migrate`, ... It runs as a user without rights, on a read-only root with a
# /tmp in memory (see docker-compose.yml), and holds no build tools, no package manager caches, no sandbox servers.
FROM node:24-bookworm-slim AS base
WORKDIR /app
# onnxruntime-node's install script would fetch GPU parts from a third host; the CPU library is in the package.
ENV ONNXRUNTIME_NODE_INSTALL=skip
COPY package.json package-lock.json .npmrc ./

FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/build.mjs

FROM base AS dependencies
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
# The package carries its libraries for every system: 289 MB, of which one system and processor are needed.
RUN node -e "const fs = require('node:fs'); \
  const bin = 'node_modules/onnxruntime-node/bin'; \
  for (const abi of fs.readdirSync(bin)) \
    for (const system of fs.readdirSync(bin + '/' + abi)) \
      for (const cpu of fs.readdirSync(bin + '/' + abi + '/' + system)) \
        if (system !== process.platform || cpu !== process.arch) \
          fs.rmSync([bin, abi, system, cpu].join('/'), { recursive: true });"

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 METRICS_PORT=9464
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json openapi.yaml ./
COPY bin bin
# Of training/ only what it made.
COPY training/weights/*.onnx training/weights/
# Where keys lie with the local key provider; a volume goes there.
RUN install -d -o node -g node -m 0700 /var/lib/lethe/keys
USER node
EXPOSE 8080 9464
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "bin/lethe"]
CMD ["serve"]
