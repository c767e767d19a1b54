package dev.perennial.e2e;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message of Protocol Buffers without its schema: the fields that hold bytes (texts, messages),
 * by their numbers; what is a number itself is passed over.
 */
record Protobuf(Map<Integer, List<byte[]>> fields) {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  static Protobuf of(byte[] message) {
    ByteBuffer from = ByteBuffer.wrap(message);
    Map<Integer, List<byte[]>> fields = new HashMap<>();
    while (from.hasRemaining()) {
      long tag = varint(from);
      switch ((int) (tag & 7)) {
        case VARINT -> varint(from);
        case FIXED64 -> from.getLong();
        case FIXED32 -> from.getInt();
        case BYTES -> {
          byte[] bytes = new byte[(int) varint(from)];
          from.get(bytes);
          fields.computeIfAbsent((int) (tag >>> 3), _ -> new ArrayList<>()).add(bytes);
        }
        default -> throw new IllegalArgumentException("no message of Protocol Buffers: " + tag);
      }
    }
    return new Protobuf(fields);
  }

  private static long varint(ByteBuffer from) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next = from.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number without an end");
  }

  List<byte[]> all(int number) {
    return fields.getOrDefault(number, List.of());
  }

  byte @Nullable [] first(int number) {
    return all(number).stream().findFirst().orElse(null);
  }
}
