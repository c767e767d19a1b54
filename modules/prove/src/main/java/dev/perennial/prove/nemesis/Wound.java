package dev.perennial.prove.nemesis;

import java.time.Duration;
import java.util.Locale;

/** What can go wrong on purpose. Each is drawn about as often as any other. */
enum Wound {
  KILL_EXCHANGER,
  KILL_SCHEDULER,
  KILL_INGRESS,
  KILL_CREDENTIALS,
  STOP_EXCHANGER,
  STOP_EXCHANGER_LONG,
  STOP_SCHEDULER,
  STOP_CREDENTIALS,
  ROLLING_RESTART,
  KILL_BROKER,
  KILL_REDIS,
  FLUSH_REDIS,
  CUT_REDIS_LINK,
  SLOW_REDIS_LINK,
  SILENT_REDIS_LINK,
  CUT_KAFKA_LINK,
  SLOW_KAFKA_LINK,
  SILENT_KAFKA_LINK,
  CUT_PROVIDER_LINK,
  SLOW_PROVIDER_LINK,
  SILENT_PROVIDER_LINK,
  PROVIDER_ERRORS,
  PROVIDER_HANGS,
  PROVIDER_HANGS_AFTER_PROCESSING,
  PROVIDER_RESETS,
  PROVIDER_RESETS_AFTER_PROCESSING,
  PROVIDER_THROTTLES,
  PROVIDER_SLOW_BODIES,
  CLOCK_JUMP;

  /** E.g. {@code kill exchanger}. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  boolean ofProvider() {
    return name().startsWith("PROVIDER_");
  }

  /** How long it lasts, from and below, in milliseconds. */
  Duration[] length() {
    return switch (this) {
      case KILL_EXCHANGER, KILL_SCHEDULER, KILL_INGRESS, KILL_CREDENTIALS -> between(500, 4_000);
      case STOP_EXCHANGER, STOP_SCHEDULER, STOP_CREDENTIALS -> between(11_500, 12_500);
      case STOP_EXCHANGER_LONG -> between(20_000, 24_000);
      case KILL_BROKER, KILL_REDIS -> between(300, 2_500);
      case FLUSH_REDIS -> between(1, 2);
      case ROLLING_RESTART -> between(15_000, 20_000); // about what it takes
      case CUT_REDIS_LINK, CUT_KAFKA_LINK, CUT_PROVIDER_LINK -> between(1, 2);
      case SLOW_REDIS_LINK, SLOW_KAFKA_LINK, SLOW_PROVIDER_LINK -> between(4_000, 8_000);
      case SILENT_REDIS_LINK, SILENT_KAFKA_LINK, SILENT_PROVIDER_LINK -> between(3_000, 9_000);
      case PROVIDER_THROTTLES -> between(2_000, 4_000);
      case CLOCK_JUMP -> between(4_000, 8_000);
      default -> between(3_000, 6_000);
    };
  }

  private static Duration[] between(long from, long below) {
    return new Duration[] {Duration.ofMillis(from), Duration.ofMillis(below)};
  }
}
