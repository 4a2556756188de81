/** How many instances of the service stand behind each address: several in `npm run test:scaled`. */
export const instanceCount = Number(process.env['TEST_INSTANCES'] ?? 1);

/** With several, each request comes on a connection of its own: one that is kept would lead all of them to one instance. */
export const keepsConnections = instanceCount === 1;
