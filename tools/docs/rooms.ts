/** One page of docs/api/: what belongs together for a reader. */
export interface Room {
  /** File name without ending. */
  readonly page: string;
  readonly title: string;
  /** What it is about, without a full stop. */
  readonly about: string;
  /** Beginnings of paths below lib/. */
  readonly files: readonly string[];
}

/** In the order of reading. */
export const ROOMS: readonly Room[] = [
  { page: 'fleet', title: 'Fleet', about: 'The app, its clusters and charts', files: ['fleet/'] },
  {
    page: 'gateways',
    title: 'Gateways',
    about: 'Ingress and egress gateways of a mesh, and how they are reached',
    files: ['mesh/gateway', 'mesh/route-front', 'facts/address'],
  },
  {
    page: 'mesh',
    title: 'Meshes and services',
    about: 'What stands in a cluster: control plane, services, workloads; and what is outside',
    files: ['mesh/', 'platform/', 'facts/service', 'facts/port'],
  },
  {
    page: 'peerings',
    title: 'Peerings',
    about: 'Who may call what across meshes, and by which strategy',
    files: ['peering/', 'facts/access', 'facts/contract', 'facts/mesh-contract', 'facts/exposure'],
  },
  {
    page: 'traffic',
    title: 'Traffic',
    about: 'What happens to calls inside a mesh',
    files: ['traffic/', 'facts/destination'],
  },
  { page: 'trust', title: 'Trust', about: 'Key pairs, roots and identities, by reference', files: ['trust/'] },
  {
    page: 'findings',
    title: 'Findings and errors',
    about: 'What is wrong, as errors and as findings, and the data that is judged',
    files: ['facts/', 'verify/', 'synth/', 'cli/'],
  },
  { page: 'testing', title: 'Testing', about: 'Fleets in your own tests', files: ['testing/'] },
];

/** The room of a file: of the rooms that name a beginning of its path, the one with the longest. */
export function roomOf(file: string): Room {
  const path = file.replaceAll('\\', '/').split('/lib/').pop() ?? file;
  const fitting = ROOMS.flatMap((room) =>
    room.files.filter((beginning) => path.startsWith(beginning)).map((beginning) => ({ room, beginning })),
  ).sort((a, b) => b.beginning.length - a.beginning.length);
  if (fitting[0] === undefined)
    throw new Error(`${file}: is on no page of docs/api; enter its folder in tools/docs/rooms.ts`);
  return fitting[0].room;
}
