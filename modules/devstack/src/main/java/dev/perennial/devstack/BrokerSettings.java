package dev.perennial.devstack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.StringJoiner;

/**
 * Settings of a single broker that is its own controller. Small on purpose: one machine, one user.
 * Topics are never made by accident, since ours need settings of their own.
 */
final class BrokerSettings {
  static final int NODE_ID = 1;

  private final Properties properties = new Properties();

  /**
   * @param proxied ports of further listeners, each with the port by which its clients come
   */
  BrokerSettings(Path directory, int port, int controllerPort, Map<Integer, Integer> proxied) {
    identity(directory, controllerPort);
    listeners(port, controllerPort, proxied);
    singleReplica();
    quickStart();
  }

  Path writeTo(Path file) {
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      properties.store(writer, null);
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException("the broker's settings cannot be written to " + file, e);
    }
  }

  private void identity(Path directory, int controllerPort) {
    set("process.roles", "broker,controller");
    set("node.id", Integer.toString(NODE_ID));
    set("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    set("controller.listener.names", "CONTROLLER");
    set("log.dirs", directory.resolve("log").toString());
  }

  // A client is told the advertised address of the listener it came by, and of no other.
  private void listeners(int port, int controllerPort, Map<Integer, Integer> proxied) {
    StringJoiner protocols = new StringJoiner(",");
    StringJoiner listeners = new StringJoiner(",");
    StringJoiner advertised = new StringJoiner(",");
    protocols.add("PLAINTEXT:PLAINTEXT").add("CONTROLLER:PLAINTEXT");
    listeners.add(at("PLAINTEXT", port)).add(at("CONTROLLER", controllerPort));
    advertised.add(at("PLAINTEXT", port));
    proxied.forEach((behind, before) -> {
      String name = "PATH" + behind;
      protocols.add(name + ":PLAINTEXT");
      listeners.add(at(name, behind));
      advertised.add(at(name, before));
    });
    set("listener.security.protocol.map", protocols.toString());
    set("listeners", listeners.toString());
    set("advertised.listeners", advertised.toString());
  }

  private static String at(String listener, int port) {
    return listener + "://127.0.0.1:" + port;
  }

  private void singleReplica() {
    set("default.replication.factor", "1");
    set("offsets.topic.replication.factor", "1");
    set("transaction.state.log.replication.factor", "1");
    set("transaction.state.log.min.isr", "1");
    set("share.coordinator.state.topic.replication.factor", "1");
    set("share.coordinator.state.topic.min.isr", "1");
    set("auto.create.topics.enable", "false");
  }

  // Each of the first two internal topics has 50 partitions by default, made at the first use.
  private void quickStart() {
    set("offsets.topic.num.partitions", "4");
    set("transaction.state.log.num.partitions", "4");
    set("group.initial.rebalance.delay.ms", "0");
    set("group.min.session.timeout.ms", "1000");
    set("broker.session.timeout.ms", "2000");
    set("broker.heartbeat.interval.ms", "500");
    set("log.cleaner.dedupe.buffer.size", "8388608");
    set("num.network.threads", "2");
    set("num.io.threads", "4");
  }

  private void set(String key, String value) {
    properties.setProperty(key, value);
  }
}
