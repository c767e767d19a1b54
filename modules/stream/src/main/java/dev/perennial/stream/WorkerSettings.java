package dev.perennial.stream;

import java.time.Duration;

/**
 * Settings of one {@link KeyOrderedWorker}. Immutable. None reloads.
 *
 * @param group consumer group; workers of one group share the partitions
 * @param topic what is read
 * @param deadLetterTopic where records go that nobody can handle
 * @param maxInFlight handlers running at once, 1 or more; default 2048
 * @param maxInFlightPerIntegration of these, for one integration, 1 or more; records above wait and
 *     let those of others pass. Default as many as {@code maxInFlight}
 * @param patience how long such a record waits before it is handled all the same, so that a
 *     partition does not fill with what cannot go on; more than 0; default 1 min
 * @param maxOpenPerPartition records read and not done per partition above which it is paused, 1 or
 *     more; default 10 000. Less where a worker owns many: their memory is held, a KiB or two each,
 *     so all of them together have 50 000
 * @param drain how long running handlers are waited for when a partition is taken away or the
 *     worker closes; longer than the longest handler (the HTTP deadline); default 45 s
 * @param sessionTimeout after which the broker gives a silent member's partitions away, 6 s or more
 *     with a broker's defaults; default 10 s. Under {@link GroupProtocol#CONSUMER} the broker's own
 *     holds, and this only says when silence counts as an outage
 * @param commitEvery offsets that moved are committed this often; default 500 ms
 * @param protocol default {@link GroupProtocol#CLASSIC}
 */
public record WorkerSettings(
    String group,
    String topic,
    String deadLetterTopic,
    int maxInFlight,
    int maxInFlightPerIntegration,
    Duration patience,
    int maxOpenPerPartition,
    Duration drain,
    Duration sessionTimeout,
    Duration commitEvery,
    GroupProtocol protocol) {

  /** After this much silence a broker's default takes a member for dead. */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

  /** Some kilobytes each; as they come in a burst, they are what a collection has to copy. */
  private static final int MOST_OPEN = 20_000;

  /**
   * @throws IllegalArgumentException where a setting is out of range
   */
  public WorkerSettings {
    require(!group.isBlank(), "group: blank");
    require(!topic.isBlank(), "topic: blank");
    require(!deadLetterTopic.equals(topic), "dead-letter topic: the same as the topic " + topic);
    require(maxInFlight >= 1, "max in flight: " + maxInFlight + ", expected 1 or more");
    require(
        maxInFlightPerIntegration >= 1,
        "max in flight per integration: " + maxInFlightPerIntegration + ", expected 1 or more");
    require(patience.toMillis() >= 1, "patience: " + patience + " < 1 ms");
    require(maxOpenPerPartition >= 1, "max open per partition: " + maxOpenPerPartition);
    require(!drain.isNegative(), "drain: " + drain + ", expected 0 or more");
    require(sessionTimeout.toMillis() >= 1_000, "session timeout: " + sessionTimeout + " < 1 s");
    require(commitEvery.toMillis() >= 1, "commit every: " + commitEvery + " < 1 ms");
  }

  /** All defaults. */
  public static WorkerSettings of(String group, String topic, String deadLetterTopic) {
    return new WorkerSettings(
        group,
        topic,
        deadLetterTopic,
        2_048,
        2_048,
        Duration.ofMinutes(1),
        10_000,
        Duration.ofSeconds(45),
        SESSION_TIMEOUT,
        Duration.ofMillis(500),
        GroupProtocol.CLASSIC);
  }

  /** Records of a partition that may be read and not done, for the owner of so many. */
  int mostOpen(int partitions) {
    return Math.max(1, Math.min(maxOpenPerPartition, MOST_OPEN / partitions));
  }

  /** The same with other limits, and none for an integration. */
  public WorkerSettings withLimits(int inFlight, int openPerPartition) {
    return new WorkerSettings(
        group,
        topic,
        deadLetterTopic,
        inFlight,
        inFlight,
        patience,
        openPerPartition,
        drain,
        sessionTimeout,
        commitEvery,
        protocol);
  }

  /** The same with a limit for each integration. */
  public WorkerSettings withPlaces(int inFlightPerIntegration, Duration newPatience) {
    return new WorkerSettings(
        group,
        topic,
        deadLetterTopic,
        maxInFlight,
        inFlightPerIntegration,
        newPatience,
        maxOpenPerPartition,
        drain,
        sessionTimeout,
        commitEvery,
        protocol);
  }

  /** The same with other times. */
  public WorkerSettings withTimes(Duration newDrain, Duration newSessionTimeout) {
    return new WorkerSettings(
        group,
        topic,
        deadLetterTopic,
        maxInFlight,
        maxInFlightPerIntegration,
        patience,
        maxOpenPerPartition,
        newDrain,
        newSessionTimeout,
        commitEvery,
        protocol);
  }

  /** The same with another group protocol. */
  public WorkerSettings withProtocol(GroupProtocol newProtocol) {
    return new WorkerSettings(
        group,
        topic,
        deadLetterTopic,
        maxInFlight,
        maxInFlightPerIntegration,
        patience,
        maxOpenPerPartition,
        drain,
        sessionTimeout,
        commitEvery,
        newProtocol);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException("worker: " + problem);
    }
  }
}
