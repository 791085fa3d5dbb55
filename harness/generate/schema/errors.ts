/**
 * What can be wrong with a schema, from the view of one who must generate from it.
 * Each names the place in the schema as a JSON Pointer (prefixed with the document's URI and `#`
 * where that is not the root document).
 */
export class SchemaError extends Error {
  readonly code: string;
  readonly schemaPath: string;

  constructor(code: string, schemaPath: string, reason: string, options?: ErrorOptions) {
    super(`schema at "${schemaPath === '' ? '/' : schemaPath}": ${reason}`, options);
    this.name = new.target.name;
    this.code = code;
    this.schemaPath = schemaPath;
  }
}

/** Not a JSON Schema 2020-12 at all. */
export class MalformedSchema extends SchemaError {
  constructor(schemaPath: string, reason: string) {
    super('SCHEMA_MALFORMED', schemaPath, `not a valid JSON Schema 2020-12: ${reason}`);
  }
}

/** A keyword, or a keyword's value, that cannot be generated from. Nothing is silently ignored. */
export class UnsupportedKeyword extends SchemaError {
  readonly keyword: string;
  constructor(keyword: string, schemaPath: string, reason: string) {
    super('SCHEMA_UNSUPPORTED_KEYWORD', schemaPath, `cannot generate from "${keyword}": ${reason}`);
    this.keyword = keyword;
  }
}

/** A regular expression that is malformed, or that cannot be generated from. */
export class UnsupportedPattern extends SchemaError {
  readonly pattern: string;
  constructor(pattern: string, schemaPath: string, reason: string, options?: ErrorOptions) {
    super(
      'SCHEMA_UNSUPPORTED_PATTERN',
      schemaPath,
      `cannot generate from the pattern ${JSON.stringify(pattern)}: ${reason}`,
      options,
    );
    this.pattern = pattern;
  }
}

/** A `$ref` or `$dynamicRef` that leads nowhere. */
export class UnresolvedReference extends SchemaError {
  readonly reference: string;
  constructor(reference: string, schemaPath: string) {
    super('SCHEMA_UNRESOLVED_REFERENCE', schemaPath, `"${reference}" leads to no schema`);
    this.reference = reference;
  }
}

/** No value can satisfy the schema, or none was found in the bounded number of tries. */
export class UnsatisfiableSchema extends SchemaError {
  constructor(schemaPath: string, reason: string) {
    super('SCHEMA_UNSATISFIABLE', schemaPath, reason);
  }
}

/** A recursive schema whose every value would be infinite. */
export class EndlessSchema extends SchemaError {
  constructor(schemaPath: string) {
    super(
      'SCHEMA_ENDLESS',
      schemaPath,
      'every value would contain itself without end: make a property on the way optional, or let an array be empty',
    );
  }
}

/** A schema that ajv fails on, where a value must be checked because it cannot be built exactly, or is to be invalid. */
export class UncheckableSchema extends SchemaError {
  constructor(schemaPath: string, reason: string, options?: ErrorOptions) {
    super('SCHEMA_UNCHECKABLE', schemaPath, `ajv cannot check it: ${reason}`, options);
  }
}

/** A violation that cannot be brought about alone, or does not belong to the schema. */
export class ImpossibleViolation extends SchemaError {
  constructor(schemaPath: string, reason: string) {
    super('SCHEMA_IMPOSSIBLE_VIOLATION', schemaPath, reason);
  }
}
