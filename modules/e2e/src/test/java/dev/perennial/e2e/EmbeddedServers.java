package dev.perennial.e2e;

import dev.perennial.devstack.EmbeddedKafka;
import dev.perennial.devstack.EmbeddedRedis;
import java.net.URI;

/** As child processes: nothing needs to be installed. */
record EmbeddedServers(EmbeddedKafka broker, EmbeddedRedis store) implements Servers {
  static EmbeddedServers start() {
    return new EmbeddedServers(EmbeddedKafka.startTemporary(), EmbeddedRedis.startTemporary());
  }

  @Override
  public String kafka() {
    return broker.bootstrapServers();
  }

  @Override
  public URI redis() {
    return store.uri();
  }

  @Override
  public void close() {
    broker.close();
    store.close();
  }
}
