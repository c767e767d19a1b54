package dev.perennial.example.connect;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The keys of the connector. */
final class SinkSettings extends AbstractConfig {
  private static final String RESOURCE = "resource.url";
  private static final String CONNECTION = "perennial.connection";
  private static final String BOOTSTRAP = "perennial.bootstrap.servers";
  private static final String PREFIX = "perennial.topics.prefix";
  private static final String KEYS = "perennial.keys.file";

  static final ConfigDef DEFINITION =
      new ConfigDef()
          .define(
              RESOURCE,
              ConfigDef.Type.STRING,
              Importance.HIGH,
              "Where each record's value is sent, by POST")
          .define(
              CONNECTION,
              ConfigDef.Type.STRING,
              Importance.HIGH,
              "Whose token is sent, e.g. google/acme")
          .define(
              BOOTSTRAP,
              ConfigDef.Type.STRING,
              Importance.HIGH,
              "The Kafka that Perennial publishes on")
          .define(
              PREFIX,
              ConfigDef.Type.STRING,
              "perennial",
              Importance.LOW,
              "Perennial's topics.prefix")
          .define(
              KEYS,
              ConfigDef.Type.STRING,
              Importance.HIGH,
              "File of the key ring that opens the tokens");

  SinkSettings(Map<String, String> properties) {
    super(DEFINITION, properties, false);
  }

  URI resource() {
    return URI.create(getString(RESOURCE));
  }

  String connection() {
    return getString(CONNECTION);
  }

  Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", getString(BOOTSTRAP));
  }

  String prefix() {
    return getString(PREFIX);
  }

  Path keys() {
    return Path.of(getString(KEYS));
  }
}
