package dev.perennial.app.config;

import dev.perennial.domain.Secret;
import org.eclipse.microprofile.config.spi.Converter;

/**
 * A value of Kafka's own properties: unlike any other it may be empty, and then means something.
 */
public final class KafkaValue implements Converter<Secret> {
  private static final long serialVersionUID = 1;

  /** For the mapping alone. */
  public KafkaValue() {}

  @Override
  public Secret convert(String value) {
    return Secret.of(value);
  }
}
