import type { Location, Schema } from './redocly.ts';

export function hasType(schema: Schema, type: string): boolean {
  return Array.isArray(schema.type) ? schema.type.includes(type) : schema.type === type;
}

export function isObjectSchema(schema: Schema): boolean {
  return (
    hasType(schema, 'object') || schema.properties !== undefined || schema.additionalProperties !== undefined
  );
}

/** Whether this is a whole schema of components/schemas: in a file of its own or by name in the main one. */
export function isSharedSchema({ source, pointer }: Location): boolean {
  return pointer === '#/'
    ? source.absoluteRef.includes('components/schemas/')
    : /^#\/components\/schemas\/[^/]+$/.test(pointer);
}
