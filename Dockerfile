# Node 24.21.0. To pin the latest: docker buildx imagetools inspect node:24-slim
FROM node:24-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6 AS base
WORKDIR /app

# What it takes to build, and to work on the code: docker-compose.yml mounts the checkout here.
FROM base AS development
# For secrets, of whomever a container runs as.
RUN mkdir --mode=1777 /secrets
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM development AS build
COPY . .
RUN npm run image

FROM base AS runtime
ENV NODE_ENV=production PORT=8080
COPY --from=build /app/dist/image ./
# That is node, as a number so that platforms see that it is not root.
USER 1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Without npm or a shell in between, so that it is Node that is told to stop.
# A request leaves nothing behind. V8 would take some of its objects for ones that stay, from what it saw during migrations, and
# promote all that these refer to: docs/performance.md has what that costs.
CMD ["node", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "dist/server.js"]
