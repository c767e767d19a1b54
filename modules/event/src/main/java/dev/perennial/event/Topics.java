package dev.perennial.event;

import dev.perennial.domain.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of all topics and how each must be set up. Every topic is keyed by the connection key.
 * Names and settings are public contract. Immutable.
 *
 * @param prefix of every name; 1 to 200 letters, digits and {@code . _ -}
 */
public record Topics(String prefix) {

  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private static final Duration AUDIT_KEPT = Duration.ofDays(90);
  private static final Duration AUDIT_SEGMENT = Duration.ofDays(1);

  /** The prefix where none is configured. */
  public static final String DEFAULT_PREFIX = "perennial";

  /** The topics under {@link #DEFAULT_PREFIX}. */
  public static final Topics DEFAULT = new Topics(DEFAULT_PREFIX);

  /**
   * @throws IllegalArgumentException where the prefix cannot begin a topic's name
   */
  public Topics {
    if (!PREFIX.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "not a topic prefix (expected letters, digits and . _ -, 1 to 200): "
              + prefix.length()
              + " characters");
    }
  }

  /** Callbacks on their way to the exchanger. */
  public String codeReceived() {
    return prefix + ".code-received";
  }

  /** Connections that want a refresh. */
  public String refreshDue() {
    return prefix + ".refresh-due";
  }

  /** Every version of every credential; what pipelines follow. */
  public String credentialsUpdated() {
    return prefix + ".credentials-updated";
  }

  /** Consents that ended without a credential. */
  public String authorizations() {
    return prefix + ".authorizations";
  }

  /** Answers that came while Redis was away. Read by the credentials role alone. */
  public String grantJournal() {
    return prefix + ".grant-journal";
  }

  /** Records that nobody could read or handle, with the reason. */
  public String deadLetter() {
    return prefix + ".dead-letter";
  }

  /** What was done to the installation, and by whom. For whoever answers for it. */
  public String audit() {
    return prefix + ".audit";
  }

  /** The one topic an event belongs on. */
  public String of(Event event) {
    if (event instanceof Event.CodeReceived) {
      return codeReceived();
    }
    if (event instanceof Event.RefreshDue) {
      return refreshDue();
    }
    if (event instanceof Event.CredentialUpdated) {
      return credentialsUpdated();
    }
    return event instanceof Event.AuthorizationFailed ? authorizations() : grantJournal();
  }

  /**
   * All topics. Each has as many partitions as there are shards: {@code credentials-updated} must,
   * since a shard is one of its partitions, and the others so that a connection has the same number
   * everywhere.
   */
  public List<TopicSpec> all(int shards) {
    return all(shards, AUDIT_KEPT);
  }

  /**
   * The same with another life of what is on {@link #audit}.
   *
   * @param auditKept 1 hour or more
   */
  public List<TopicSpec> all(int shards, Duration auditKept) {
    return List.of(
        // Retention drops whole segments, so a short life also needs short segments.
        kept(codeReceived(), shards, Duration.ofHours(1), Duration.ofMinutes(15)),
        kept(refreshDue(), shards, Duration.ofDays(1), Duration.ofHours(6)),
        new TopicSpec(credentialsUpdated(), shards, compacted()),
        kept(authorizations(), shards, Duration.ofDays(7), Duration.ofDays(1)),
        kept(grantJournal(), shards, Duration.ofDays(7), Duration.ofDays(1)),
        kept(deadLetter(), shards, Duration.ofDays(14), Duration.ofDays(1)),
        kept(audit(), shards, auditKept, AUDIT_SEGMENT));
  }

  private static TopicSpec kept(String name, int shards, Duration retention, Duration segment) {
    return new TopicSpec(
        name,
        shards,
        Map.of(
            "cleanup.policy", "delete",
            "retention.ms", millis(retention),
            "segment.ms", millis(segment),
            "max.message.bytes", maxRecord()));
  }

  /**
   * Compaction keeps the last record of a key, not the highest version. The lag is longer than any
   * pause, so that whoever owns the partition can put the highest version last before it strikes;
   * tombstones stay long enough for a pipeline that was away for some days.
   */
  private static Map<String, String> compacted() {
    return Map.of(
        "cleanup.policy", "compact",
        "min.compaction.lag.ms", millis(Duration.ofDays(1)),
        "delete.retention.ms", millis(Duration.ofDays(7)),
        "max.message.bytes", maxRecord());
  }

  private static String maxRecord() {
    return Integer.toString(EventMessage.MAX_RECORD_BYTES);
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
