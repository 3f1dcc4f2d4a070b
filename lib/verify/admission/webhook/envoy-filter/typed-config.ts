import { isRecord } from '../../../../facts/record';
import type { Messages } from './messages';

/**
 * Names of extensions in a message that say nothing about their configuration
 * (`envoyfilter.recurseMissingTypedConfig`): Envoy finds extensions by the type of their configuration.
 */
export function withoutConfig(messages: Messages, type: string, value: unknown): string[] {
  const fields = messages.fields(type);
  if (fields === undefined || !isRecord(value)) return [];
  const found: string[] = [];
  for (const name in value) {
    const field = fields.get(name);
    // Lists and maps are not gone into.
    if (field !== undefined && value[name] !== null) found.push(...withoutConfig(messages, field, value[name]));
  }
  const configured = ['typed_config', 'typedConfig', 'config_discovery', 'configDiscovery'].some(
    (name) => (value[name] ?? null) !== null,
  );
  if (fields.has('typed_config') && !configured) found.push(typeof value.name === 'string' ? value.name : '');
  return found;
}
