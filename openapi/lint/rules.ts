import { closedRequests } from './closed-requests.ts';
import { declaredErrors } from './declared-errors.ts';
import { deprecation } from './deprecation.ts';
import { description } from './description.ts';
import { errorByReference } from './error-by-reference.ts';
import { example } from './example.ts';
import { limits } from './limits.ts';
import { naming } from './naming.ts';
import { noInlineObjects } from './no-inline-objects.ts';
import { rateLimit } from './rate-limit.ts';
import { requiredRole } from './required-role.ts';
import { showDeprecation } from './show-deprecation.ts';
import { showOrigin } from './show-origin.ts';
import { showRateLimit } from './show-rate-limit.ts';
import { showRequiredRole } from './show-required-role.ts';

export const rules = {
  'closed-requests': closedRequests,
  'declared-errors': declaredErrors,
  deprecation,
  description,
  'error-by-reference': errorByReference,
  example,
  limits,
  naming,
  'no-inline-objects': noInlineObjects,
  'rate-limit': rateLimit,
  'required-role': requiredRole,
};

export const decorators = {
  'show-deprecation': showDeprecation,
  'show-origin': showOrigin,
  'show-rate-limit': showRateLimit,
  'show-required-role': showRequiredRole,
};
