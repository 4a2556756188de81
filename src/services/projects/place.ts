import { invalid } from '../../core/errors.ts';

interface Place {
  readonly latitude?: number | null;
  readonly longitude?: number | null;
}

/** The contract asks for both coordinates or none; that both are null or neither is left to say here. */
export function refuseHalfAPlace({ latitude = null, longitude = null }: Place): void {
  if ((latitude === null) === (longitude === null)) return;
  const missing = latitude === null ? 'latitude' : 'longitude';
  throw invalid([
    { in: 'body', path: missing, message: 'must be a number when the other coordinate is one' },
  ]);
}
