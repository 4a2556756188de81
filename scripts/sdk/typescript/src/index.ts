export { createTripodClient, type TripodClient, type TripodClientOptions } from './client.ts';
export type * from './generated/contract.ts';
export type { ListPath, PageOf } from './pages.ts';
export { dataOf, isProblem, TripodProblem } from './problem.ts';
export { localStorageTokens, memoryTokens, type TokenStorage } from './token-storage.ts';
