export { raceInBothOrders } from './races.ts';
