package dev.perennial.e2e;

import java.net.URI;

/** A real Kafka and a real Redis for a whole test run. */
interface Servers extends AutoCloseable {
  String kafka();

  URI redis();

  @Override
  void close();
}
