/** A time in UTC, and what is new, such as `20260131090507_what_is_new.js`. */
export const fileName = /^\d{14}(_[a-z0-9]+)+\.js$/;
