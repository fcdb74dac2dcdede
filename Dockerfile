# The console is built, and the packages that the server runs on are picked, in stages of their
# own: the image has neither a compiler nor what is for tests.
FROM node:24-bookworm-slim AS console
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY index.html tsconfig.json vite.config.ts ./
COPY public public
COPY src src
RUN node node_modules/vite/bin/vite.js build

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=peer --omit=optional --no-audit --no-fund

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
RUN install -d -o node -g node -m 700 /data
WORKDIR /app
COPY package.json ./
COPY --from=packages /app/node_modules node_modules
COPY --from=console /app/dist/console dist/console
COPY scripts/ops/backup.ts scripts/ops/restore.ts scripts/ops/move-to-postgresql.ts scripts/ops/store-command.ts scripts/ops/
COPY src/contract src/contract
COPY src/store src/store
COPY src/management src/management
COPY src/throttle src/throttle
COPY src/gateway src/gateway
COPY src/http-client src/http-client
COPY src/backends src/backends
COPY src/server src/server
USER node
VOLUME /data
# The console, the APIs and MQTT over WebSocket; then the first of the embedded brokers' MQTT.
EXPOSE 4080 1883
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["node", "src/server/health-check.ts"]
CMD ["node", "src/server/main.ts"]
