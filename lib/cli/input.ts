import { existsSync } from 'node:fs';
import type { Arguments, Option } from './arguments';

/** `--facts`, of every command that reads manifests. */
export const FACTS: Option = {
  value: 'FILE',
  isList: true,
  help: 'fleet.json, or facts that manifests cannot say; may be repeated',
};

/** What a folder of manifests may look like, for help. */
export const INPUT = `<dir> holds manifests: .yaml, .yml and .json files, in folders as deep as you
like. With a fleet.json, as this library writes it, each cluster has a folder of
its name. Without one, <dir> is one cluster if it holds manifests itself, such as
dumps of kubectl; else each folder in it is a cluster of that name.`;

/** `--dir`, of commands whose arguments are something else. */
export const DIRECTORY: Option = {
  value: 'DIR',
  short: 'd',
  help: "folder of manifests; default: 'dist' if there is one, else '.'",
};

/** The folder that a command line means. */
export const directoryOf = (args: Arguments): string => args.value('dir') ?? (existsSync('dist') ? 'dist' : '.');
