package dev.perennial.domain;

import java.nio.charset.StandardCharsets;

/**
 * Which shard a connection lives in. A shard is a partition of {@code credentials-updated} and a
 * hash tag in Redis, so the number follows Kafka's default partitioner: murmur2 of the key's UTF-8
 * bytes, sign bit cleared, modulo the count. Chosen once for the life of an installation.
 * Immutable.
 *
 * @param count number of shards, 1 to 16384
 */
public record Shards(int count) {

  /**
   * @throws IllegalArgumentException where the count is out of range
   */
  public Shards {
    if (count < 1 || count > 16384) {
      throw new IllegalArgumentException("shards: " + count + " is not within 1 to 16384");
    }
  }

  /** The shard of a connection, 0 to count - 1. */
  public int of(ConnectionKey key) {
    return (murmur2(key.toString().getBytes(StandardCharsets.UTF_8)) & 0x7fffffff) % count;
  }

  /** MurmurHash2 (Austin Appleby, public domain) with the seed that Kafka's producers use. */
  private static int murmur2(byte[] data) {
    final int m = 0x5bd1e995;
    int h = 0x9747b28c ^ data.length;
    int whole = data.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k =
          (data[i] & 0xff)
              | (data[i + 1] & 0xff) << 8
              | (data[i + 2] & 0xff) << 16
              | (data[i + 3] & 0xff) << 24;
      k *= m;
      k ^= k >>> 24;
      h = h * m ^ k * m;
    }
    int tail = data.length - whole;
    for (int i = tail - 1; i >= 0; i--) {
      h ^= (data[whole + i] & 0xff) << (8 * i);
    }
    if (tail > 0) {
      h *= m;
    }
    h ^= h >>> 13;
    h *= m;
    return h ^ h >>> 15;
  }
}
