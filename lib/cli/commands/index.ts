import type { Command } from '../command';

/** A command before it is loaded: help names it, nothing else needs its code. */
export interface CommandEntry {
  /** One line, a sentence. */
  readonly summary: string;
  /** Loads the command's code: starting one costs nothing of the others. */
  readonly load: () => Command;
}

/** All commands, in the order of help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  verify: {
    summary: 'Finds what would be refused, fail or be open, in manifests of one or several meshes.',
    load: () => (require('./verify') as typeof import('./verify')).verify,
  },
  explain: {
    summary: 'Says what one call does: every hop, the field that decides it, and why it fails.',
    load: () => (require('./explain') as typeof import('./explain')).explain,
  },
  test: {
    summary: 'Compares what calls end in with what is expected of them.',
    load: () => (require('./test') as typeof import('./test')).test,
  },
  exposures: {
    summary: 'Says who can call what, and how it is protected on the way.',
    load: () => (require('./exposures') as typeof import('./exposures')).exposures,
  },
  diff: {
    summary: 'Says which calls change between two versions of the manifests.',
    load: () => (require('./diff') as typeof import('./diff')).diff,
  },
  graph: {
    summary: 'Draws who can call what: Mermaid, Graphviz, or one page of HTML.',
    load: () => (require('./graph') as typeof import('./graph')).graph,
  },
};
