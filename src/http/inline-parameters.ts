import { resolve, type ContractDocument } from './contract.ts';

/** The validator lower-cases ids only in parameters that are written where they are used: it passes over references. */
export function inlineParameters(contract: ContractDocument): ContractDocument {
  const inlined = structuredClone(contract);
  for (const item of Object.values(inlined.paths ?? {})) {
    if (!item.parameters) continue;
    item.parameters = item.parameters.map((parameter) => structuredClone(resolve(contract, parameter)));
  }
  return inlined;
}
