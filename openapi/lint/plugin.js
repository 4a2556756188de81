import { tsImport } from 'tsx/esm/api';

// Node 20 can't read TypeScript: only our own files go through tsx, the CLI runs as it is.
const { rules, decorators } = await tsImport('./rules.ts', import.meta.url);

export default () => ({ id: 'tripod', rules: { oas3: rules }, decorators: { oas3: decorators } });
