// Opens the member `sealed` of a credential: Tink's AES-256-GCM behind one byte of our own.
// With a Tink library for your language this is one call: aead.decrypt(sealed[1:], associatedData).
import { createDecipheriv } from 'node:crypto';

/** From a key ring as `perennial keys new` writes it, a function from event data to token response. */
export function opener(keyset) {
  // A Tink keyset in JSON: each key is a serialized AesGcmKey, whose last field is the key's 32 bytes.
  const keys = new Map(keyset.key.filter((key) => key.status === 'ENABLED')
    .map((key) => [key.keyId >>> 0, Buffer.from(key.keyData.value, 'base64').subarray(-32)]));
  return ({ integration, connection, sealed }) => {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes[0] !== 1 || bytes[1] !== 1) throw new Error(`${integration}/${connection}: not a format we know`);
    const key = keys.get(bytes.readUInt32BE(2));
    if (!key) throw new Error(`${integration}/${connection}: sealed with a key that is not in the key ring`);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(6, 18));
    decipher.setAAD(Buffer.from(`perennial\0credential\0${integration}/${connection}`));
    decipher.setAuthTag(bytes.subarray(-16));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(18, -16)), decipher.final()]));
  };
}
