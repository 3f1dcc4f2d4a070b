// Packages that are loaded when somebody needs them: most programs read no YAML and no expression, and loading these
// takes as long as all of this library.

/** The YAML parser that keeps places. */
export const yaml = (): typeof import('yaml') => require('yaml');

/** The YAML parser that is fast. */
export const jsYaml = (): typeof import('js-yaml') => require('js-yaml');

/** RE2, as Envoy and istiod match expressions. */
export const re2 = (): typeof import('re2js')['RE2JS'] => (require('re2js') as typeof import('re2js')).RE2JS;
