export { type ClusterManifests, Manifests } from './manifests';
export { Testing } from './testing';
