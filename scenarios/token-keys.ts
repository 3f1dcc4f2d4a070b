/** Public keys, as the agency's issuer of tokens publishes them. */
export const AGENCY_KEYS = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: 'agency',
      x: 'IEv2PsP1JsX_fak9IuZrwfj2RZhPT_9pXH3adbdXfkQ',
      y: 'sHVapZJJqvUDfT32qUo78DPnQxW5aYeQxDbjFdHHoWY',
    },
  ],
};
